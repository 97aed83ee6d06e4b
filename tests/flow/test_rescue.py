"""Rescue as functions: what it sends again, ends, and leaves alone."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from mapper_tasks.dialects import open_database
from mapper_tasks.flow import rescue
from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.rescue import sweep
from mapper_tasks.flow.stop import stop
from mapper_tasks.flow.submit import submit
from mapper_tasks.flow.times import Times
from mapper_tasks.ledger import Ledger
from mapper_tasks.model.errors import RunOver, TargetIsLedger
from mapper_tasks.model.status import RunStatus

AT_ONCE = Times(claim=-1, grace=0.0, waiting=1000, busy=-1)


@pytest.fixture
def filled(place):
    place.fill(30)
    return place


@pytest.fixture
def hasty(filled):
    """A place where every claim has run out and every message is late."""
    filled.site = replace(filled.site, times=AT_ONCE)
    return filled


def test_a_lost_first_message_is_sent_again(hasty):
    prcid = submit(hasty.site, hasty.job())
    time.sleep(0.01)
    sweep(hasty.site, hasty.post)
    assert hasty.sent == [("execute", prcid)]


def test_late_chunks_are_sent_again_unless_many_wait_before_them(hasty):
    prcid = submit(hasty.site, hasty.parallel_job(10))
    execute(hasty.site, prcid, hasty.post)
    time.sleep(0.01)
    sweep(hasty.site, replace(hasty.post, waiting=lambda: 5))
    assert hasty.sent == [("chord", [1, 2, 3])]
    sweep(hasty.site, hasty.post)
    assert hasty.sent[1:] == [("chunks", [1, 2, 3])]


def test_without_a_broker_nothing_is_taken_back_only_to_be_lost_again(hasty):
    prcid = submit(hasty.site, hasty.parallel_job(10))
    execute(hasty.site, prcid, hasty.post)
    sent = [chunk.task_id for chunk in hasty.site.ledger.chunks(prcid)]
    sweep(hasty.site, replace(hasty.post, waiting=lambda: None))
    assert [chunk.task_id for chunk in hasty.site.ledger.chunks(prcid)] == sent


def test_a_run_whose_chunks_are_all_applied_is_ended(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    for chunk_no in (1, 2, 3):
        process_chunk(filled.site, prcid, chunk_no)
    sweep(filled.site, filled.post)
    assert filled.site.ledger.run(prcid).status is RunStatus.SUCCESS


def test_two_rescuers_send_a_chunk_once(hasty):
    prcid = submit(hasty.site, hasty.parallel_job(10))
    execute(hasty.site, prcid, hasty.post)
    time.sleep(0.3)
    hasty.site = replace(hasty.site, times=Times(grace=0.2))
    for _ in range(2):
        sweep(hasty.site, hasty.post)
    assert hasty.sent[1:] == [("chunks", [1, 2, 3])]


def test_a_fault_in_one_run_does_not_keep_the_others_waiting(filled, monkeypatch):
    runs = [submit(filled.site, filled.parallel_job(10)) for _ in range(2)]
    execute(filled.site, runs[0], filled.post)
    mended = []

    def mend(_site, _post, prcid, _waiting):
        mended.append(prcid)
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(rescue, "mend", mend)
    sweep(filled.site, filled.post)
    assert mended == [runs[0]]
    assert filled.told[-1][0] == "rescue.failed"


def test_a_stopped_run_is_revoked_and_ends_where_nothing_is_at_work(filled):
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    stop(filled.site, prcid, filled.post)
    assert filled.sent[-1] == ("revoke", 3)
    assert filled.site.ledger.run(prcid).status is RunStatus.STOPPED
    with pytest.raises(RunOver):
        stop(filled.site, prcid, filled.post)


def test_a_run_that_waits_for_its_target_is_tried_until_it_is_free(filled):
    filled.site = replace(filled.site, times=Times(busy=-1))
    first = submit(filled.site, filled.parallel_job(10))
    second = submit(filled.site, filled.job(), wait_for_target=True)
    execute(filled.site, first, filled.post)
    waits = execute(filled.site, second, filled.post)
    assert waits.status is RunStatus.PENDING
    assert f"loaded by run {first}" in waits.message
    sweep(filled.site, filled.post)
    assert filled.sent[-1] == ("execute", second)
    for chunk_no in (1, 2, 3):
        process_chunk(filled.site, first, chunk_no)
    sweep(filled.site, filled.post)
    ended = execute(filled.site, second, filled.post)
    assert (ended.status, ended.tally.unchanged) == (RunStatus.SUCCESS, 30)


def test_here_a_busy_target_is_waited_for_as_well(filled):
    first = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, first, filled.post)

    def others_go_on(_seconds):
        for chunk_no in (1, 2, 3):
            process_chunk(filled.site, first, chunk_no)
        sweep(filled.site, filled.post)

    site = replace(filled.site, sleep=others_go_on)
    second = submit(site, filled.job(), wait_for_target=True, here=True)
    assert run_here(site, second, lambda _: None).status is RunStatus.SUCCESS


def test_the_run_of_a_process_that_is_gone_frees_its_target(filled, monkeypatch):
    gone = submit(filled.site, filled.job(), here=True)
    dead = replace(filled.site, times=Times(claim=-1))
    monkeypatch.setattr("mapper_tasks.flow.local.work_off", lambda *_: None)
    assert run_here(dead, gone, lambda _: None).status is RunStatus.RUNNING
    monkeypatch.undo()
    following = submit(filled.site, filled.job(), here=True)
    assert run_here(filled.site, following, lambda _: None).status is RunStatus.SUCCESS
    left = filled.site.ledger.run(gone)
    assert left.status is RunStatus.FAILED
    assert "MAP-5011" in left.message


def test_a_living_process_keeps_its_run_to_itself(filled):
    """Neither its chunks nor its end are anybody else's."""
    prcid = submit(filled.site, filled.parallel_job(10), here=True)

    def watch(_progress):
        sweep(replace(filled.site, times=replace(AT_ONCE, claim=30)), filled.post)

    assert run_here(filled.site, prcid, watch).status is RunStatus.SUCCESS
    assert filled.sent == []


def test_a_ledger_in_the_targets_own_file_is_refused(filled):
    target = filled.databases["target"]
    ledger = Ledger(open_database("again", str(target.engine.url)))
    ledger.upgrade()
    site = replace(filled.site, ledger=ledger)
    prcid = submit(site, filled.job())
    with pytest.raises(TargetIsLedger):
        execute(site, prcid, filled.post)
    assert "MAP-1012" in ledger.run(prcid).message
