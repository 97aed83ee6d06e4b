"""Messages that no worker can follow: refused in one line, and the worker is well."""

from __future__ import annotations

import pytest
import redis
from kombu import Connection

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import RunStatus
from tests.rim.messages import publish
from tests.rim.shop import eventually

EXECUTE = {"task": "mapper.execute_mapper_job", "id": "x", "lang": "other"}


@pytest.fixture(scope="module")
def worker(shop, client):
    with worker_nodes(["one"], shop.environment) as [node]:
        yield node


@pytest.fixture
def refused(shop, client, worker):
    """Sees to it that a line tells of the message, nothing is written, and the worker lives."""

    def expect(word: str, within: float = 30.0) -> str:
        before = seen[0]
        lines = eventually(lambda: [x for x in new(before) if word in x], within)
        assert len(lines) == 1
        assert len(lines[0]) < 2500
        assert "Traceback" not in lines[0]
        assert len(client._site.ledger.runs(limit=1000)) == runs
        assert worker.child.alive()
        return str(lines[0])

    def new(before: int) -> list[str]:
        return worker.child.log.read_text(errors="replace")[before:].splitlines()

    seen = [len(worker.child.log.read_text(errors="replace"))]
    runs = len(client._site.ledger.runs(limit=1000))
    yield expect
    prcid = client.submit(shop.job("AFTERWARDS"))
    assert client.wait(prcid, timeout=30).status is RunStatus.SUCCESS


def publish_raw(broker_url, body, content_type):
    with Connection(broker_url) as connection, connection.Producer() as producer:
        producer.publish(
            body,
            routing_key="control",
            headers=EXECUTE,
            content_type=content_type,
            content_encoding="utf-8",
        )


def test_unknown_fields_of_a_job(shop, refused):
    publish(shop.broker_url, {"job": shop.job("BAD") | {"colour": "red"}})
    assert "colour" in refused("message.refused")


def test_a_run_that_does_not_exist(shop, refused):
    publish(shop.broker_url, {"prcid": 987654})
    assert "there is no run 987654" in refused("message.refused")


@pytest.mark.parametrize(
    "message", [{}, {"prcid": "7"}, {"prcid": True}, {"prcid": 10**30}, {"job": 1}, {"run": 7}]
)
def test_what_is_no_message_of_ours(shop, refused, message):
    publish(shop.broker_url, message)
    assert "MAP-5012" in refused("message.refused")


def test_fifty_megabytes(shop, refused):
    job = shop.job("HUGE")
    job["source"]["query"] = "SELECT 1 -- " + "x" * 50_000_000
    publish(shop.broker_url, {"job": job})
    assert "at most 1000000" in refused("message.refused", 60)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-python-serialize"])
def test_what_is_not_json(shop, refused, content_type):
    publish_raw(shop.broker_url, "{not json", content_type)
    refused("message")


@pytest.mark.parametrize("raw", ["garbage", b"\xff\xfe", "[1]", '{"body": "", "headers": {}}'])
def test_what_is_no_message_at_all(shop, refused, raw):
    with redis.Redis.from_url(shop.broker_url) as broker:
        broker.lpush("control", raw)
    refused("no message")
