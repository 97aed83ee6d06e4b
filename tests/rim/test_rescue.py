"""Workers killed and messages lost: every run still ends, with every row once.

All waiting is a tenth of what it is in life: a claim lives 3 s, a sweep comes every second.
"""

from __future__ import annotations

import os
import signal

import psutil
import pytest
import redis

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import ChunkStatus
from tests.rim.messages import headers_of, publish
from tests.rim.shop import ROWS, eventually

CHUNKS = ("-Q", "chunks")


@pytest.fixture(scope="module", autouse=True)
def coordinator(shop, client):
    """Plans runs and rescues them, and leaves chunks to the worker of each test."""
    shop.environment["MAPPER_TEST_PACE"] = "0.1"
    with worker_nodes(["control"], shop.environment, arguments=("-Q", "control")) as [node]:
        yield node


@pytest.fixture(autouse=True)
def nothing_left(shop, brake):
    yield
    brake.off()
    with redis.Redis.from_url(shop.broker_url) as broker:
        broker.delete("chunks", "control")


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def pool_of(node) -> list[psutil.Process]:
    return psutil.Process(node.pid).children()


def test_a_killed_pool_process_costs_its_chunk_one_more_attempt(shop, client, brake):
    prcid = brake.begun(client, brake.job("CHILD"))
    brake.on()
    with worker_nodes(["one"], shop.environment, concurrency=2, arguments=CHUNKS) as [node]:
        held = brake.held(client._site.ledger, prcid)
        brake.off()
        for child in pool_of(node):
            child.kill()
        brake.assert_right(client, prcid, "CHILD")
    assert chunks_of(client, prcid)[held.chunk_no - 1].attempt == held.attempt + 1


def test_a_killed_worker_is_replaced_by_another(shop, client, brake):
    prcid = brake.begun(client, brake.job("WORKER"))
    brake.on()
    with worker_nodes(["one", "two"], shop.environment, arguments=CHUNKS) as nodes:
        held = brake.held(client._site.ledger, prcid)
        brake.off()
        [victim] = [node for node in nodes if node.name == held.worker]
        victim.child.kill()
        brake.assert_right(client, prcid, "WORKER")
        again = chunks_of(client, prcid)[held.chunk_no - 1]
    assert again.worker not in (None, held.worker)
    assert again.attempt == held.attempt + 1


def test_a_killed_worker_that_did_a_whole_run_is_replaced_as_well(shop, client, brake):
    with worker_nodes(["alone"], shop.environment, arguments=("-Q", "celery")) as [alone]:
        prcid = brake.unsent(client, brake.job("ALONE", enable_parallel=False))
        brake.on()
        publish(shop.broker_url, {"prcid": prcid}, queue="celery")
        [held] = eventually(lambda: brake.sleeps() and chunks_of(client, prcid))
        assert (held.worker, held.status) == (alone.name, ChunkStatus.RUNNING)
        brake.off()
        alone.child.kill()
    with worker_nodes(["next"], shop.environment, arguments=CHUNKS):
        brake.assert_right(client, prcid, "ALONE")


def test_a_slow_chunk_is_not_a_dead_one(shop, client, brake):
    prcid = brake.begun(client, brake.job("SLOW"))
    brake.on(7.0)  # more than two claims
    with worker_nodes(["one", "two"], shop.environment, arguments=CHUNKS):
        brake.assert_right(client, prcid, "SLOW")
    assert {one.attempt for one in chunks_of(client, prcid)} == {1}


def test_a_run_whose_first_message_is_lost_is_sent_again(shop, client, brake):
    with worker_nodes(["one"], shop.environment, arguments=CHUNKS):
        prcid = brake.unsent(client, brake.job("UNSENT"))
        brake.assert_right(client, prcid, "UNSENT")


def test_lost_chunk_messages_are_sent_again_under_new_task_ids(shop, client, brake):
    prcid = brake.begun(client, brake.job("LOST"))
    lost = set()
    with redis.Redis.from_url(shop.broker_url) as broker:
        eventually(lambda: broker.llen("chunks") == len(chunks_of(client, prcid)))
        lost = {headers_of(raw)["id"] for raw in broker.lpop("chunks", 2)}
    with worker_nodes(["one"], shop.environment, arguments=CHUNKS):
        brake.assert_right(client, prcid, "LOST")
    assert len(lost) == 2
    assert lost.isdisjoint(one.task_id for one in chunks_of(client, prcid))


def test_a_broker_that_forgot_everything_does_not_matter(shop, client, brake):
    prcid = brake.begun(client, brake.job("FLUSHED", chunk_size=ROWS // 12, max_workers=None))
    brake.on(1.0)
    with worker_nodes(["one"], shop.environment, arguments=CHUNKS):
        eventually(brake.sleeps)
        with redis.Redis.from_url(shop.broker_url) as broker:
            broker.flushdb()
        brake.assert_right(client, prcid, "FLUSHED")


def test_a_run_whose_callback_never_came_is_ended(shop, client, brake, coordinator):
    """Whoever reads callbacks hangs: the workers of chunks end the run."""
    prcid = brake.begun(client, brake.job("UNCALLED"))
    os.killpg(coordinator.pid, signal.SIGSTOP)
    try:
        with worker_nodes(["one"], shop.environment, arguments=CHUNKS):
            brake.assert_right(client, prcid, "UNCALLED")
    finally:
        os.killpg(coordinator.pid, signal.SIGCONT)
