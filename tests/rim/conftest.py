"""A shop, its workers' environment, and a client beside them: one of each a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from mapper_tasks import MapperClient
from mapper_tasks.demo.servers import (
    RabbitServer,
    rabbitmq_program,
    rabbitmq_server,
    worker_nodes,
)
from tests.rim.brake import Brake
from tests.rim.messages import empty
from tests.rim.shop import ROWS, VALUE, Shop
from tests.rim.team import Team

QUEUES = ("control", "chunks", "celery")


@pytest.fixture(scope="module")
def broker_kind() -> str:
    """Which kind carries the messages; results are always kept in Redis."""
    return "redis"


@pytest.fixture(scope="module")
def ledger_url(broker_kind, postgres) -> Iterator[str]:
    """Where the ledger of the module's runs is, one a broker; a module may have it elsewhere."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitServer]:
    """One RabbitMQ for all tests of this process, where it is installed."""
    if rabbitmq_program() is None:
        pytest.skip("RabbitMQ is not installed here: apt install rabbitmq-server")
    with rabbitmq_server() as server:
        yield server


@pytest.fixture(scope="module")
def shop(request, broker_kind, postgres, ledger_url, broker, broker_numbers) -> Iterator[Shop]:
    number = next(broker_numbers)
    broker.flush(number)
    broker_url = results_url = broker.url_of(number)
    if broker_kind == "rabbitmq":
        rabbit = request.getfixturevalue("rabbitmq")
        rabbit.empty(*QUEUES)
        broker_url = rabbit.url
    with postgres.fresh_database() as url:
        engine, ledger = create_engine(url), create_engine(ledger_url)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE TABLE customers AS SELECT n AS id, "
                    f"'{VALUE} ' || n AS name, 'city ' || n % 7 AS city "
                    f"FROM generate_series(1, {ROWS}) n"
                )
            )
            connection.execute(text("ALTER TABLE customers ADD PRIMARY KEY (id)"))
        environment = {
            "MAPPER_BROKER_URL": broker_url,
            "MAPPER_RESULT_BACKEND": results_url,
            "MAPPER_METADATA_URL": ledger_url,
            "MAPPER_CONNECTIONS__SHOP": url,
        }
        secrets = [url, ledger_url, broker_url, results_url]
        yield Shop(engine, ledger, environment, broker_url, results_url, secrets)
        engine.dispose()
        ledger.dispose()


@pytest.fixture(scope="module")
def brake(shop) -> Brake:
    return Brake(shop)


@pytest.fixture(scope="module")
def client(shop) -> Iterator[MapperClient]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in shop.environment.items():
            patch.setenv(name, value)
        with MapperClient() as client:
            client._site.ledger.upgrade()
            yield client


@pytest.fixture(scope="module")
def team(shop, client) -> Iterator[Team]:
    """One worker for coordinators and callbacks, one for chunks; all waits a tenth of life's."""
    shop.environment["MAPPER_TEST_PACE"] = "0.1"
    chunks = ("-Q", "chunks")
    with (
        worker_nodes(["control"], shop.environment, arguments=("-Q", "control")) as [control],
        worker_nodes(["chunks"], shop.environment, concurrency=2, arguments=chunks) as [node],
    ):
        yield Team(client._app, control, node)


@pytest.fixture
def nothing_left(shop, brake, team) -> Iterator[None]:
    """A test that failed leaves neither a chunk that is held up nor messages."""
    yield
    brake.off()
    empty(shop.broker_url, "chunks", "control")
