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


@pytest.fixture(autouse=True)
def nothing_left(shop, brake, team):
    yield
    brake.off()
    with redis.Redis.from_url(shop.broker_url) as broker:
        broker.delete("chunks", "control")


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def pool_of(node) -> list[psutil.Process]:
    return psutil.Process(node.pid).children()


def test_a_killed_pool_process_costs_its_chunk_one_more_attempt(client, brake, team):
    brake.on()
    prcid = brake.begun(client, brake.job("CHILD"))
    held = brake.held(client._site.ledger, prcid)
    brake.off()
    for child in pool_of(team.chunks):
        child.kill()
    brake.assert_right(client, prcid, "CHILD")
    assert chunks_of(client, prcid)[held.chunk_no - 1].attempt == held.attempt + 1


def test_a_killed_worker_is_replaced_by_another(shop, client, brake, team):
    brake.on()
    with (
        team.resting(),
        worker_nodes(["victim"], shop.environment, arguments=("-Q", "chunks")) as [victim],
    ):
        prcid = brake.begun(client, brake.job("WORKER"))
        held = eventually(
            lambda: [one for one in chunks_of(client, prcid) if brake.sleeps() and one.worker]
        )[-1]
        brake.off()
        victim.child.kill()
    brake.assert_right(client, prcid, "WORKER")
    again = chunks_of(client, prcid)[held.chunk_no - 1]
    assert (held.worker, again.worker) == (victim.name, team.chunks.name)


def test_a_killed_worker_that_did_a_whole_run_is_replaced_as_well(shop, client, brake, team):
    with worker_nodes(["alone"], shop.environment, arguments=("-Q", "celery")) as [alone]:
        brake.on()
        prcid = brake.unsent(client, brake.job("ALONE", enable_parallel=False))
        publish(shop.broker_url, {"prcid": prcid}, queue="celery")
        [held] = eventually(lambda: brake.sleeps() and chunks_of(client, prcid))
        assert (held.worker, held.status) == (alone.name, ChunkStatus.RUNNING)
        brake.off()
        alone.child.kill()
    brake.assert_right(client, prcid, "ALONE")
    [again] = chunks_of(client, prcid)
    assert (again.worker, again.attempt) == (team.chunks.name, 2)


def test_a_slow_chunk_is_not_a_dead_one(client, brake):
    brake.on(7.0)  # more than two claims
    prcid = brake.begun(client, brake.job("SLOW"))
    brake.assert_right(client, prcid, "SLOW")
    assert {one.attempt for one in chunks_of(client, prcid)} == {1}


def test_a_run_whose_first_message_is_lost_is_sent_again(client, brake):
    prcid = brake.unsent(client, brake.job("UNSENT"))
    brake.assert_right(client, prcid, "UNSENT")


def test_lost_chunk_messages_are_sent_again_under_new_task_ids(shop, client, brake, team):
    with team.resting():
        prcid = brake.begun(client, brake.job("LOST"))
        with redis.Redis.from_url(shop.broker_url) as broker:
            eventually(lambda: broker.llen("chunks") == len(chunks_of(client, prcid)))
            lost = {headers_of(raw)["id"] for raw in broker.lpop("chunks", 2)}
    brake.assert_right(client, prcid, "LOST")
    assert len(lost) == 2
    assert lost.isdisjoint(one.task_id for one in chunks_of(client, prcid))


def test_a_broker_that_forgot_everything_does_not_matter(shop, client, brake):
    brake.on(1.0)
    prcid = brake.begun(client, brake.job("FLUSHED", chunk_size=ROWS // 12))
    eventually(brake.sleeps)
    with redis.Redis.from_url(shop.broker_url) as broker:
        broker.flushdb()
    brake.assert_right(client, prcid, "FLUSHED")


def test_a_run_whose_callback_never_came_is_ended(client, brake, team):
    """Whoever reads callbacks hangs: the worker of chunks ends the run."""
    brake.on()
    prcid = brake.begun(client, brake.job("UNCALLED"))
    brake.held(client._site.ledger, prcid)
    os.killpg(team.control.pid, signal.SIGSTOP)
    try:
        brake.off()
        brake.cut()
        brake.assert_right(client, prcid, "UNCALLED")
    finally:
        os.killpg(team.control.pid, signal.SIGCONT)
