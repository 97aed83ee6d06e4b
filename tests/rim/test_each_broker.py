"""What depends on the broker, with each kind of it: messages lost, repeated, revoked, held.

All waiting is a tenth of what it is in life.
"""

from __future__ import annotations

import psutil
import pytest
import redis

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import RunStatus
from tests.rim.messages import count, empty, publish, take
from tests.rim.shop import ROWS, eventually

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(scope="module", params=["redis", "rabbitmq"])
def broker_kind(request):
    return request.param


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


@pytest.mark.parametrize("parallel", [False, True])
def test_a_program_in_any_language_sends_a_job(shop, client, parallel):
    mapref = f"FOREIGN_{parallel}"
    job = shop.job(mapref, enable_parallel=parallel, chunk_size=300)
    task_id = publish(shop.broker_url, {"job": job})
    [run] = eventually(lambda: client._site.ledger.runs(mapref=mapref))
    assert client.wait(run.prcid, timeout=60).status is RunStatus.SUCCESS
    keys = shop.noted(f"SELECT request_key FROM dms_prclog WHERE prcid = {run.prcid}")
    assert keys == [(task_id,)]
    shop.assert_loaded(mapref)


def test_a_message_that_comes_twice_makes_one_run_and_one_plan(shop, client):
    job = shop.job("TWICE", chunk_size=100)
    task_id = publish(shop.broker_url, {"job": job})
    for _ in range(3):
        publish(shop.broker_url, {"job": job}, task_id)
    prcid = eventually(lambda: client._site.ledger.runs(mapref="TWICE"))[0].prcid
    client.wait(prcid, timeout=60)
    eventually(lambda: not count(shop.broker_url, "control"))
    runs = client._site.ledger.runs(mapref="TWICE")
    assert [run.status for run in runs] == [RunStatus.SUCCESS]
    chunks = client._site.ledger.chunks(prcid)
    assert [chunk.chunk_no for chunk in chunks] == list(range(1, len(chunks) + 1))
    assert {chunk.attempt for chunk in chunks} == {1}
    shop.assert_loaded("TWICE")


def test_a_killed_pool_process_costs_its_chunk_one_more_attempt(client, brake, team):
    brake.on()
    prcid = brake.begun(client, brake.job("CHILD"))
    held = brake.held(client._site.ledger, prcid)
    brake.off()
    for child in psutil.Process(team.chunks.pid).children():
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


def test_lost_chunk_messages_are_sent_again_under_new_task_ids(shop, client, brake, team):
    with team.resting():
        prcid = brake.begun(client, brake.job("LOST"))
        every = len(chunks_of(client, prcid))
        eventually(lambda: count(shop.broker_url, "chunks") == every)
        lost = set(take(shop.broker_url, "chunks", 2))
    brake.assert_right(client, prcid, "LOST")
    assert len(lost) == 2
    assert lost.isdisjoint(one.task_id for one in chunks_of(client, prcid))


def test_a_broker_that_forgot_everything_does_not_matter(shop, client, brake):
    brake.on(1.0)
    prcid = brake.begun(client, brake.job("FLUSHED", chunk_size=ROWS // 12))
    eventually(brake.sleeps)
    empty(shop.broker_url, "chunks", "control")
    with redis.Redis.from_url(shop.results_url) as results:
        results.flushdb()
    brake.assert_right(client, prcid, "FLUSHED")


def test_a_chunk_whose_connection_is_cut_comes_again_as_itself(team, client, brake):
    brake.on()
    prcid = brake.begun(client, brake.job("CUT"))
    held = brake.held(client._site.ledger, prcid)
    brake.off()
    brake.cut()
    brake.assert_right(client, prcid, "CUT")
    chunk = next(one for one in client._site.ledger.chunks(prcid) if one.chunk_no == held.chunk_no)
    assert (chunk.attempt, chunk.task_id) == (2, held.task_id)


def test_after_a_stop_nothing_starts_and_the_queue_is_revoked(shop, client, brake, team):
    with team.resting():
        prcid = brake.begun(client, brake.job("QUEUED"))
        ids = {one.task_id for one in chunks_of(client, prcid)}
        client.stop(prcid)
        assert client.status(prcid).status is RunStatus.STOPPED
    eventually(lambda: not count(shop.broker_url, "chunks"))
    assert {one.attempt for one in chunks_of(client, prcid)} == {0}
    client.resume(prcid)
    brake.assert_right(client, prcid, "QUEUED")
    assert ids.isdisjoint(one.task_id for one in chunks_of(client, prcid))
