"""A run that is resumed: it holds its target again, and goes on with what is not applied."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.rescue import sweep
from mapper_tasks.flow.stop import stop
from mapper_tasks.flow.submit import submit
from mapper_tasks.flow.times import Times
from mapper_tasks.model.errors import TargetBusy
from mapper_tasks.model.status import RunStatus


@pytest.fixture
def filled(place):
    place.fill(30)
    return place


@pytest.fixture
def stopped(filled):
    """A run stopped after its first chunk of three."""
    prcid = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, prcid, filled.post)
    process_chunk(filled.site, prcid, 1)
    stop(filled.site, prcid, filled.post)
    assert filled.site.ledger.run(prcid).status is RunStatus.STOPPED
    filled.sent.clear()
    return prcid


def test_a_resumed_run_goes_on_with_what_is_not_applied(filled, stopped):
    filled.site.ledger.resume(stopped)
    execute(filled.site, stopped, filled.post)
    assert filled.sent == [("chord", [2, 3])]
    for chunk_no in (2, 3):
        process_chunk(filled.site, stopped, chunk_no)
    run = finalize(filled.site, stopped)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, 30)


def test_a_resumed_run_holds_its_target_again(filled, stopped):
    filled.site.ledger.resume(stopped)
    execute(filled.site, stopped, filled.post)
    other = submit(filled.site, filled.parallel_job(10))
    with pytest.raises(TargetBusy):
        execute(filled.site, other, filled.post)


def test_a_resumed_run_ends_when_another_run_loads_its_target(filled, stopped):
    other = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, other, filled.post)
    filled.sent.clear()
    filled.site.ledger.resume(stopped)
    run = execute(filled.site, stopped, filled.post)
    assert run.status is RunStatus.FAILED
    assert "MAP-5003" in run.message
    assert filled.sent == []


def test_rescue_sends_nothing_of_a_resumed_run_whose_target_is_taken(filled, stopped):
    other = submit(filled.site, filled.parallel_job(10))
    execute(filled.site, other, filled.post)
    for chunk_no in (1, 2):
        process_chunk(filled.site, other, chunk_no)
    filled.site.ledger.resume(stopped)
    filled.sent.clear()
    time.sleep(0.01)
    hasty = replace(filled.site, times=Times(claim=60, grace=0.0, waiting=1000))
    sweep(hasty, replace(filled.post, waiting=lambda: 5))
    assert filled.site.ledger.run(stopped).status is RunStatus.FAILED
    assert filled.sent == []
