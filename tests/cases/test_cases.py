"""The cases through the real thing: runs planned, cut into chunks, and applied in a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper_tasks.model.errors import TooManyWouldExpire
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus
from mapper_tasks.model.tally import Tally
from tests.cases.reading import ROOT, WHY_NOT, cases
from tests.cases.readings import READINGS
from tests.rules import model

ALL = cases()
needs_cases = pytest.mark.skipif(not ALL, reason=WHY_NOT)
EVERYTHING = None


@needs_cases
@pytest.mark.parametrize("chunk_size", [1, 2, EVERYTHING], ids=["one", "two", "all"])
@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.number}_{case.name}")
def test_the_target_is_as_the_case_expects(place, case, chunk_size):
    if place.target.kind == "mariadb" and chunk_size != 2:
        pytest.skip("chunks of one size are enough where a run takes longer")
    place.prepare(case)
    rejected = 0
    for batch in case.batches:
        place.feed(case, batch)
        run = place.run(case.job(batch, chunk_size))
        assert run.status is RunStatus.SUCCESS, run.message
        rejected += run.tally.rejected
        if case.versioned:
            assert model.broken(place.table(case)) == []
    assert case.faults(place.table(case)) == []
    assert rejected == case.row_errors
    a_rerun_writes_nothing(place, case, batch, chunk_size)


def a_rerun_writes_nothing(place, case, batch, chunk_size) -> None:
    before = place.raw()
    again = place.run(case.job(batch, chunk_size)).tally
    assert place.raw() == before
    loaded = again.source - again.rejected
    assert again == Tally(source=again.source, unchanged=loaded, rejected=again.rejected)


@needs_cases
def test_a_chunk_size_of_one_makes_more_chunks_than_one(place):
    case = next(case for case in ALL if case.number == "084")
    place.prepare(case)
    place.feed(case, case.batches[0])
    assert place.run(case.job(case.batches[0], 1)).chunks > len(case.batches[0]["rows"]) / 2


@needs_cases
def test_an_empty_snapshot_is_refused_unless_the_job_says_that_all_may_expire(place):
    case = next(case for case in ALL if case.number == "120")
    place.prepare(case)
    full, empty = case.batches
    place.feed(case, full)
    place.run(case.job(full, EVERYTHING))
    before = place.raw()
    place.feed(case, empty)
    asked = case.job(empty, EVERYTHING).as_json()
    del asked["target"]["max_expire_share"]
    with pytest.raises(TooManyWouldExpire):
        place.run(Job.read(asked))
    assert place.raw() == before


@needs_cases
def test_every_case_that_is_read_otherwise_is_one_of_convention():
    universal = {case.number for case in ALL if case.universal}
    assert universal.isdisjoint(READINGS)
    assert set(READINGS) <= {case.number for case in ALL}


def test_the_docs_give_the_reason_of_every_case_that_is_read_otherwise():
    page = " ".join(Path(ROOT, "docs", "cases.md").read_text().split())
    for number, reading in READINGS.items():
        assert number in page
        assert reading.reason in page
