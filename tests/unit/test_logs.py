"""The log: one line an event, and no password in it, whoever wrote the line."""

from __future__ import annotations

import json
import logging

import pytest

from worker_config.logs import Scrubber, configure, tell
from worker_config.settings import Settings

PASSWORD = "corr3ct horse"
QUOTED = "corr3ct%20horse"
URL = f"postgresql+psycopg://loader:{QUOTED}@db.example/warehouse"


def _lines(capsys) -> list[str]:
    return capsys.readouterr().err.splitlines()


@pytest.fixture
def log(capsys):
    """Configure the log, and read the lines written since."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def configured(log_format: str):
        configure(Settings(metadata_url=URL, log_format=log_format))
        return lambda: _lines(capsys)

    yield configured
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        f"cannot connect to {URL}",
        f"password authentication failed ({PASSWORD})",
        f"Connected to redis://:{QUOTED}@broker:6379/0",
        "amqp://other:hunter22@mq//",
        "host=db user=me password=hunter22",
        "dsn: host=db password='hunter22' port=1",
    ],
)
def test_a_password_is_taken_out_of_any_text(text):
    scrubbed = Scrubber([URL])(text)
    assert "***" in scrubbed
    for secret in (PASSWORD, QUOTED, "hunter22"):
        assert secret not in scrubbed


def test_text_without_a_secret_stays_as_it_is():
    text = "https://docs.example/a:b and mail to a@b.example at 10:30"
    assert Scrubber([URL])(text) == text


def test_an_event_is_one_json_line_with_its_facts(log):
    lines = log("json")
    tell("run.planned", prcid=42, chunks=3)
    [line] = map(json.loads, lines())
    assert line["event"] == "run.planned"
    assert (line["prcid"], line["chunks"], line["level"]) == (42, 3, "info")
    assert line["timestamp"].endswith("Z")


def test_events_of_a_program_that_configures_no_log_are_not_printed(capsys):
    tell("run.planned", prcid=42)
    assert capsys.readouterr() == ("", "")


def test_trouble_is_a_warning(log):
    lines = log("json")
    tell("chunk.failed", prcid=42)
    assert json.loads(lines()[0])["level"] == "warning"


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_a_traceback_of_a_library_is_one_line_without_the_password(log, log_format):
    lines = log(log_format)
    fault = OSError(f"no route to {URL}")
    logging.getLogger("some.driver").error("connect to %s failed", URL, exc_info=fault)
    [line] = lines()
    assert "OSError" in line
    assert QUOTED not in line
    assert PASSWORD not in line
