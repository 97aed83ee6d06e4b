"""What people do to workers and their tasks by hand: nothing is lost, and nobody mends anything."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mapper_tasks.demo.servers import flower_node, worker_nodes
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.shop import ROWS, eventually

pytestmark = pytest.mark.usefixtures("nothing_left")
PATIENCE = 30.0
MODULES = Path(__file__).parent / "modules"


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def held_by(client, brake, prcid, worker):
    """The chunk that the worker is held up with."""

    def found():
        running = [one for one in chunks_of(client, prcid) if one.status is ChunkStatus.RUNNING]
        return [one for one in running if brake.sleeps() and one.worker == worker.name]

    [held] = eventually(found)
    return held


@contextmanager
def stopped(team):
    """Within the block nobody of the team does anything."""
    for node in team.control, team.chunks:
        os.killpg(node.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for node in team.control, team.chunks:
            os.killpg(node.pid, signal.SIGCONT)


def test_a_worker_that_is_asked_to_stop_finishes_its_chunk(shop, client, brake, team):
    brake.on(2.0)
    with (
        team.resting(),
        worker_nodes(["leaving"], shop.environment, arguments=("-Q", "chunks")) as [leaving],
    ):
        prcid = brake.begun(client, brake.job("LEAVING"))
        held = held_by(client, brake, prcid, leaving)
        leaving.child.process.send_signal(signal.SIGTERM)
        leaving.child.process.wait(PATIENCE)
    brake.assert_right(client, prcid, "LEAVING")
    done = chunks_of(client, prcid)[held.chunk_no - 1]
    assert (done.worker, done.attempt) == (leaving.name, 1)


def test_a_worker_that_is_asked_to_stop_gives_back_what_takes_too_long(shop, client, brake, team):
    brake.on()
    with (
        team.resting(),
        worker_nodes(["late"], shop.environment, arguments=("-Q", "chunks")) as [late],
    ):
        prcid = brake.begun(client, brake.job("LATE"))
        held = held_by(client, brake, prcid, late)
        late.child.process.send_signal(signal.SIGTERM)
        late.child.process.wait(PATIENCE)
        brake.off()
    brake.assert_right(client, prcid, "LATE")
    done = chunks_of(client, prcid)[held.chunk_no - 1]
    assert (done.worker, done.attempt) == (team.chunks.name, 2)


def test_all_workers_are_replaced_one_after_another_during_a_run(shop, client, brake, team):
    brake.on(0.3)
    with (
        team.resting(),
        worker_nodes(["old", "older"], shop.environment, arguments=("-Q", "chunks")) as leaving,
    ):
        prcid = brake.begun(client, brake.job("ROLLED", chunk_size=ROWS // 40))
        for worker in leaving:
            worker.child.process.send_signal(signal.SIGTERM)
            worker.child.process.wait(PATIENCE)
    brake.assert_right(client, prcid, "ROLLED")
    assert {one.attempt for one in chunks_of(client, prcid)} == {1}


def test_a_task_that_an_operator_terminates_costs_its_chunk_one_more_attempt(client, brake, team):
    brake.on()
    prcid = brake.begun(client, brake.job("TERMINATED"))
    held = brake.held(client._site.ledger, prcid)
    team.app.control.revoke(held.task_id, terminate=True, signal="SIGKILL")
    brake.off()
    brake.assert_right(client, prcid, "TERMINATED")
    again = chunks_of(client, prcid)[held.chunk_no - 1]
    assert again.attempt == held.attempt + 1
    assert again.task_id != held.task_id


def test_tasks_that_an_operator_revokes_are_sent_again_under_other_ids(client, brake, team):
    with team.resting():
        prcid = brake.begun(client, brake.job("REVOKED"))
        revoked = {one.task_id for one in chunks_of(client, prcid)[:2]}
        team.app.control.revoke(list(revoked))
    brake.assert_right(client, prcid, "REVOKED")
    assert revoked.isdisjoint(one.task_id for one in chunks_of(client, prcid))


def test_a_frozen_worker_holds_nobody_up_and_comes_too_late_once_thawed(shop, client, brake, team):
    brake.on()
    with worker_nodes(["frozen"], shop.environment, arguments=("-Q", "chunks")) as [frozen]:
        with team.resting():
            prcid = brake.begun(client, brake.job("FROZEN"))
            held = held_by(client, brake, prcid, frozen)
            os.killpg(frozen.pid, signal.SIGSTOP)
            brake.off()
        try:
            brake.assert_right(client, prcid, "FROZEN")
        finally:
            os.killpg(frozen.pid, signal.SIGCONT)
        eventually(lambda: "chunk.lost" in frozen.child.log.read_text())
    brake.assert_right(client, prcid, "FROZEN")
    assert chunks_of(client, prcid)[held.chunk_no - 1].worker == team.chunks.name


def test_flower_may_come_and_go(shop, client, brake, team):
    del team
    brake.on()
    prcid = brake.begun(client, brake.job("WATCHED"))
    with flower_node(shop.environment) as flower:
        flower.child.kill()
    brake.off()
    brake.cut()
    brake.assert_right(client, prcid, "WATCHED")


def test_a_chunk_that_kills_its_process_each_time_is_given_up_alone(shop, client, brake, team):
    job = brake.job("POISON")
    job["target"]["columns"]["name"] = {"python": "poison:fatal"}
    allowed = {"MAPPER_ALLOWED_MODULES": "poison", "PYTHONPATH": str(MODULES)}
    nodes = worker_nodes(["brave"], shop.environment | allowed)
    with stopped(team), nodes as [worker]:
        prcid = client.submit(job)
        run = client.wait(prcid, timeout=60)
        assert worker.child.alive()
    assert run.status is RunStatus.FAILED
    assert "MAP-5014: 5 worker processes ended" in run.message
    ends = [one.status for one in chunks_of(client, prcid)]
    assert ends == [ChunkStatus.FAILED, *[ChunkStatus.APPLIED] * (len(ends) - 1)]


def test_workers_whose_clocks_are_wrong_take_nothing_from_others(shop, client, brake, team):
    with ExitStack() as stack:
        for name, hours in {"ahead": 1, "behind": -1}.items():
            wrong = {"PYTHONPATH": str(MODULES / "wrong_clock"), "HOURS_WRONG": str(hours)}
            nodes = worker_nodes([name], shop.environment | wrong, arguments=("-Q", "chunks"))
            stack.enter_context(nodes)
        brake.on(7.0)  # more than two claims
        prcid = brake.begun(client, brake.job("CLOCKS", chunk_size=ROWS // 12))
        brake.assert_right(client, prcid, "CLOCKS")
    chunks = chunks_of(client, prcid)
    assert {one.attempt for one in chunks} == {1}
    assert {one.worker for one in chunks} & {"worker@ahead", "worker@behind"}
