"""What lies in the broker, and what comes of it when it comes twice, late or never."""

from __future__ import annotations

import subprocess
import sys

import pytest
import redis

from mapper_tasks import MapperClient
from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.errors import BrokerUnreachable
from mapper_tasks.model.status import RunStatus
from mapper_tasks.tasks.messages import FORM, FORM_HEADER
from tests.rim.messages import body_of, everything, headers_of, repeat, waiting
from tests.rim.shop import ROWS, VALUE, eventually


@pytest.fixture(scope="module", autouse=True)
def coordinator(shop, client):
    """A worker for everything but chunks, as a larger installation has one."""
    with worker_nodes(["control"], shop.environment, arguments=("-Q", "control,celery")):
        yield


@pytest.fixture(autouse=True)
def no_chunks_left(shop):
    yield
    with redis.Redis.from_url(shop.broker_url) as broker:
        broker.delete("chunks")


def sent(shop, client, prcid) -> list[bytes]:
    """The messages of all chunks of the run, once they are there."""
    eventually(lambda: client.status(prcid).status is RunStatus.RUNNING)
    run = client.status(prcid)
    wanted = min(run.chunks, run.plan.max_workers or run.chunks)
    eventually(lambda: len(waiting(shop.broker_url, "chunks")) == wanted)
    return waiting(shop.broker_url, "chunks")


def test_messages_hold_numbers_and_names_only(shop, client):
    prcid = client.submit(shop.job("SECRET", chunk_size=100))
    messages = sent(shop, client, prcid)
    chunks = {chunk.task_id: chunk for chunk in client._site.ledger.chunks(prcid)}
    assert len(messages) == len(chunks) >= 10
    for raw in messages:
        headers, (args, kwargs, _) = headers_of(raw), body_of(raw)
        number = chunks[headers["id"]].chunk_no
        assert (args, kwargs) == ([], {"prcid": prcid, "chunk_no": number})
        assert headers["argsrepr"] == ""
        assert headers[FORM_HEADER] == FORM
        assert headers["kwargsrepr"] == f"SECRET run {prcid} chunk {number} of {len(chunks)}"
    stored = everything(shop.broker_url)
    assert "mapper.process_mapper_chunk" in stored
    for secret in [VALUE, "SELECT", "UPPER", *shop.secrets]:
        assert secret not in stored


def test_a_run_waits_for_its_chunks_and_the_caller_no_longer_than_asked(shop, client):
    prcid = client.submit(shop.job("WAITING", chunk_size=400))
    sent(shop, client, prcid)
    with pytest.raises(TimeoutError, match=f"run {prcid} is RUNNING"):
        client.wait(prcid, timeout=0.3)


def test_a_second_run_of_a_busy_target_is_refused(shop, client):
    first = client.submit(shop.job("BUSY", chunk_size=400))
    sent(shop, client, first)
    second = client.wait(client.submit(shop.job("BUSY", chunk_size=400)), timeout=30)
    assert second.status is RunStatus.FAILED
    assert "MAP-5003" in second.message
    assert client.status(first).status is RunStatus.RUNNING


def test_a_redelivered_chunk_is_not_applied_twice(shop, client):
    prcid = client.submit(shop.job("REPEATED", chunk_size=100))
    chunks = len(sent(shop, client, prcid))
    repeat(shop.broker_url, "chunks")
    with worker_nodes(["one", "two"], shop.environment, arguments=("-Q", "chunks")):
        run = client.wait(prcid, timeout=60)
        eventually(lambda: not waiting(shop.broker_url, "chunks"))
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.tally.inserted == ROWS
    markers = shop.rows(f"SELECT count(*) FROM dms_chunkmark WHERE prcid = {prcid}")
    assert markers == [(chunks,)]
    logged = shop.noted(f"SELECT count(*) FROM dms_joblog WHERE prcid = {prcid}")
    assert logged == [(chunks,)]
    shop.assert_loaded("REPEATED")


def test_a_stopped_run_starts_nothing_and_is_resumed_under_new_task_ids(shop, client):
    prcid = client.submit(shop.job("STOPPED", chunk_size=200, max_workers=3))
    old = {headers_of(raw)["id"] for raw in sent(shop, client, prcid)}
    client.stop(prcid)
    assert client.wait(prcid, timeout=30).status is RunStatus.STOPPED
    with worker_nodes(["one"], shop.environment, arguments=("-Q", "chunks")):
        eventually(lambda: not waiting(shop.broker_url, "chunks"))
        assert shop.rows("SELECT count(*) FROM stopped") == [(0,)]
        client.resume(prcid)
        run = client.wait(prcid, timeout=60)
    assert run.status is RunStatus.SUCCESS, run.message
    assert old.isdisjoint(chunk.task_id for chunk in client._site.ledger.chunks(prcid))
    shop.assert_loaded("STOPPED")


def test_a_broker_that_does_not_answer_closes_the_run(shop, client, monkeypatch):
    monkeypatch.setenv("MAPPER_BROKER_URL", "redis://127.0.0.1:1/0")
    with MapperClient() as deaf, pytest.raises(BrokerUnreachable):
        deaf.submit(shop.job("DEAF"))
    [run] = client._site.ledger.runs(mapref="DEAF")
    assert run.status is RunStatus.FAILED
    assert "MAP-5009" in run.message


def test_a_worker_with_an_unknown_variable_does_not_start_and_names_it(shop):
    environment = {**shop.environment, "MAPPER_CONECTIONS__SHOP": "typing error"}
    command = [sys.executable, "-m", "celery", "-A", "worker_config", "worker"]
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert "MAPPER_CONECTIONS__SHOP: no such variable" in said
    for secret in [*shop.secrets, "typing error"]:
        assert secret not in said
