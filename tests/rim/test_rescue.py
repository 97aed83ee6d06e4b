"""Workers killed, messages lost or repeated: every run still ends, with every row once.

All waiting is a tenth of what it is in life: a claim lives 3 s, a sweep comes every second.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

import pytest
import redis

from chaos.wire import Wire
from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import ChunkStatus
from mapper_tasks.tasks.send import FINALIZE
from tests.rim.messages import count, publish, waiting
from tests.rim.shop import eventually

pytestmark = pytest.mark.usefixtures("nothing_left")


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


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


def test_a_callback_that_comes_early_or_late_or_twice_ends_a_run_once(shop, client, brake, team):
    def call_back_twice():
        ids = [publish(shop.broker_url, {"prcid": prcid}, task=FINALIZE) for _ in range(2)]
        return [team.app.AsyncResult(one).get(timeout=30)["status"] for one in ids]

    def written():
        return shop.noted(f"SELECT status, enddt, recupdt FROM dms_prclog WHERE prcid = {prcid}")

    brake.on()
    prcid = brake.begun(client, brake.job("CALLED"))
    brake.held(client._site.ledger, prcid)
    assert call_back_twice() == ["RUNNING", "RUNNING"]
    brake.off()
    brake.cut()
    brake.assert_right(client, prcid, "CALLED")
    ended = written()
    assert call_back_twice() == ["SUCCESS", "SUCCESS"]
    assert written() == ended


def test_chunks_that_come_again_while_they_are_worked_on_or_are_done_change_nothing(
    shop, client, brake, team
):
    def come_again():
        with redis.Redis.from_url(shop.broker_url) as broker:
            broker.lpush("chunks", *messages)
        eventually(lambda: not count(shop.broker_url, "chunks"))

    def being_worked_on():
        with redis.Redis.from_url(shop.broker_url) as broker:
            return broker.hlen("unacked")

    of_killed_workers = being_worked_on()
    brake.on(3.0)
    with team.resting():
        prcid = brake.begun(client, brake.job("AGAIN"))
        every = len(chunks_of(client, prcid))
        eventually(lambda: count(shop.broker_url, "chunks") == every)
        messages = waiting(shop.broker_url, "chunks")
    brake.held(client._site.ledger, prcid)
    come_again()
    assert brake.sleeps()
    brake.assert_right(client, prcid, "AGAIN")
    come_again()
    eventually(lambda: being_worked_on() <= of_killed_workers)
    brake.assert_right(client, prcid, "AGAIN")
    assert {one.attempt for one in chunks_of(client, prcid)} == {1}


@contextmanager
def stalled(shop, statement):
    """Whoever runs such a statement on the chunks of the ledger waits in it."""
    with shop.ledger.begin() as ledger:
        ledger.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(120); RETURN NEW; END $$"
        )
        ledger.exec_driver_sql(
            f"CREATE TRIGGER stalled BEFORE {statement} ON dms_prcchunk"
            " FOR EACH ROW EXECUTE FUNCTION stall()"
        )
    try:
        yield
    finally:
        with shop.ledger.begin() as ledger:
            ledger.exec_driver_sql("DROP TRIGGER stalled ON dms_prcchunk")


@pytest.mark.parametrize("before", ["its plan is written down", "anything is sent"])
def test_a_coordinator_is_killed_and_another_plans_or_sends(shop, client, brake, team, before):
    statement = "UPDATE OF task_id" if before == "anything is sent" else "INSERT"
    mapref = f"KILLED_IN_{statement[:6]}"
    with (
        worker_nodes(["planner"], shop.environment, arguments=("-Q", "celery")) as [planner],
        stalled(shop, statement),
    ):
        prcid = brake.unsent(client, brake.job(mapref))
        publish(shop.broker_url, {"prcid": prcid}, queue="celery")
        eventually(brake.sleeps)
        planner.child.kill()
        brake.cut()
    brake.assert_right(client, prcid, mapref)
    chunks = chunks_of(client, prcid)
    assert [one.chunk_no for one in chunks] == list(range(1, len(chunks) + 1))
    assert {(one.worker, one.attempt) for one in chunks} == {(team.chunks.name, 1)}


@pytest.fixture
def wire(shop):
    wire = Wire(shop.broker_url)
    wire.open()
    yield wire
    wire.close()


def test_a_chunk_that_ends_while_the_broker_is_away_is_not_done_again(
    shop, client, brake, team, wire
):
    through = dict.fromkeys(("MAPPER_BROKER_URL", "MAPPER_RESULT_BACKEND"), wire.url)
    brake.on(2.0)
    with (
        team.resting(),
        worker_nodes(["far"], shop.environment | through, arguments=("-Q", "chunks")) as [far],
    ):
        prcid = brake.begun(client, brake.job("FAR"))
        eventually(brake.sleeps)
        wire.cut()
        eventually(lambda: not brake.sleeps())
        eventually(lambda: client.progress(prcid).chunks[ChunkStatus.APPLIED])
        wire.join()
        brake.assert_right(client, prcid, "FAR")
    ends = {(one.worker, one.attempt) for one in chunks_of(client, prcid)}
    assert ends == {(far.name, 1)}
