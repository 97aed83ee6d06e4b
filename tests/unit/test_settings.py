"""The environment: every variable, unknown ones, bad values, and nothing secret shown."""

from __future__ import annotations

import os

import pytest

from mapper_tasks.model.errors import BadSetting
from worker_config.settings import Settings, read_settings

SECRET = "s3cr3t-word"
URL = f"postgresql+psycopg://loader:{SECRET}@db.example/warehouse"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in [name for name in os.environ if name.upper().startswith("MAPPER_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def settings_of(monkeypatch):
    def read(**variables: str) -> Settings:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_settings()

    return read


def test_without_variables_the_ledger_is_a_file_beside_us_and_runs_are_not_parallel(settings_of):
    settings = settings_of()
    assert settings.metadata_url.get_secret_value() == "sqlite:///mapper.db"
    assert settings.broker_url.get_secret_value() == "redis://localhost:6379/0"
    assert settings.result_url == "redis://localhost:6379/0"
    assert settings.connections == {}
    assert settings.allowed_modules == frozenset()
    assert not settings.parallel_enabled
    assert settings.max_workers is None
    assert settings.chunk_size == 50_000
    assert settings.min_rows_for_parallel == 100_000


def test_every_variable_is_read(settings_of):
    settings = settings_of(
        MAPPER_BROKER_URL="redis://broker:6379/3",
        MAPPER_RESULT_BACKEND="rediss://results:6379/4",
        MAPPER_METADATA_URL=URL,
        MAPPER_CONNECTIONS__CRM="sqlite:///crm.db",
        MAPPER_CONNECTIONS__ware__house=URL,
        MAPPER_ALLOWED_MODULES="shop.rules, shop.keys",
        MAPPER_PARALLEL_ENABLED="true",
        MAPPER_MAX_WORKERS="3",
        MAPPER_CHUNK_SIZE="1000",
        MAPPER_MIN_ROWS_FOR_PARALLEL="0",
        MAPPER_LOG_FORMAT="json",
    )
    assert settings.broker_url.get_secret_value() == "redis://broker:6379/3"
    assert settings.result_url == "rediss://results:6379/4"
    assert settings.metadata_url.get_secret_value() == URL
    urls = {name: url.get_secret_value() for name, url in settings.connections.items()}
    assert urls == {"crm": "sqlite:///crm.db", "ware__house": URL}
    assert settings.allowed_modules == {"shop.rules", "shop.keys"}
    assert settings.parallel_enabled
    assert settings.max_workers == 3
    assert settings.chunk_size == 1000
    assert settings.min_rows_for_parallel == 0
    assert settings.log_format == "json"


def test_a_chunk_size_may_be_automatic(settings_of):
    assert settings_of(MAPPER_CHUNK_SIZE="auto").chunk_size == "auto"


def test_an_empty_variable_is_an_unset_one(settings_of):
    assert settings_of(MAPPER_MAX_WORKERS="", MAPPER_RESULT_BACKEND="").max_workers is None


@pytest.mark.parametrize(
    "name", ["MAPPER_BROKER", "MAPPER_CONNECTIONS", "MAPPER_CONNECTIONS__", "mapper_chunksize"]
)
def test_an_unknown_variable_stops_the_start_with_its_name(settings_of, name):
    with pytest.raises(BadSetting, match=name) as refused:
        settings_of(**{name: SECRET})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("name", ["MAPPER_TEST_POSTGRES_URL", "MAPPER_DEMO_PORT"])
def test_variables_of_the_tests_and_the_demo_are_not_ours(settings_of, name):
    settings_of(**{name: "anything"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAPPER_BROKER_URL", SECRET),
        ("MAPPER_RESULT_BACKEND", SECRET),
        ("MAPPER_RESULT_BACKEND", f"db+sqlite:///{SECRET}"),
        ("MAPPER_METADATA_URL", SECRET),
        ("MAPPER_CONNECTIONS__CRM", SECRET),
        ("MAPPER_CONNECTIONS__CRM", f'{{"url": "{SECRET}"}}'),
        ("MAPPER_ALLOWED_MODULES", f"{SECRET} and more"),
        ("MAPPER_PARALLEL_ENABLED", SECRET),
        ("MAPPER_MAX_WORKERS", "0"),
        ("MAPPER_MAX_WORKERS", SECRET),
        ("MAPPER_CHUNK_SIZE", "0"),
        ("MAPPER_CHUNK_SIZE", SECRET),
        ("MAPPER_MIN_ROWS_FOR_PARALLEL", "-1"),
        ("MAPPER_LOG_FORMAT", SECRET),
    ],
)
def test_a_bad_value_stops_the_start_with_the_variable_and_not_the_value(settings_of, name, value):
    with pytest.raises(BadSetting, match=name) as refused:
        settings_of(**{name: value})
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_several_bad_values_are_told_together(settings_of):
    with pytest.raises(BadSetting, match=r"MAPPER_MAX_WORKERS.*MAPPER_CHUNK_SIZE"):
        settings_of(MAPPER_MAX_WORKERS="none", MAPPER_CHUNK_SIZE="small")


def test_one_connection_spelled_in_two_ways_is_refused(settings_of):
    with pytest.raises(BadSetting, match="MAPPER_CONNECTIONS__crm"):
        settings_of(MAPPER_CONNECTIONS__CRM="sqlite://", MAPPER_CONNECTIONS__crm="sqlite://")


def test_a_broker_that_is_no_redis_needs_a_result_backend_that_is(settings_of):
    with pytest.raises(BadSetting, match="MAPPER_RESULT_BACKEND"):
        settings_of(MAPPER_BROKER_URL="amqp://guest@mq//")
    settings_of(MAPPER_BROKER_URL="amqp://guest@mq//", MAPPER_RESULT_BACKEND="redis://r/0")


def test_settings_do_not_show_their_secrets(settings_of):
    settings = settings_of(MAPPER_METADATA_URL=URL, MAPPER_CONNECTIONS__CRM=URL)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    assert SECRET not in settings.model_dump_json()


def test_settings_do_not_change(settings_of):
    settings = settings_of()
    with pytest.raises(ValueError, match="frozen"):
        settings.chunk_size = 1
