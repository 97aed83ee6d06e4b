"""`source.consistency: run` in one process: kept, refused, lost, or not needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.errors import DatabaseUnreachable, NoSharedMoment
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus

EXPORTED = "SELECT count(*) FROM pg_ls_dir('pg_snapshots')"


def at_one_moment(job: Job) -> Job:
    data = job.as_json()
    return Job.read({**data, "source": {**data["source"], "consistency": "run"}})


@pytest.fixture
def sharing(place, pg_url):
    """The place with a source that shares moments."""
    source = open_database("source", pg_url)
    with source.writing() as writer:
        writer.execute(text("CREATE TABLE person (id integer PRIMARY KEY, name text)"))
        writer.execute(text("INSERT INTO person SELECT n, 'n' || n FROM generate_series(1, 30) n"))
    databases = {**place.databases, "source": source}
    place.databases = databases
    place.site = replace(place.site, databases=databases.__getitem__)
    yield place
    source.close()


def rename(place):
    with place.databases["source"].writing() as writer:
        writer.execute(text("UPDATE person SET name = 'later'"))


def exported(place):
    with place.databases["source"].reading() as reader:
        return reader.scalar(text(EXPORTED))


def test_a_run_here_reads_one_moment_and_lets_go_of_it(sharing):
    prcid = submit(sharing.site, at_one_moment(sharing.parallel_job(10)))
    seen = []

    def watch(progress):
        seen.append(exported(sharing))
        rename(sharing)

    run = run_here(sharing.site, prcid, watch)
    assert (run.status, run.chunks) == (RunStatus.SUCCESS, 3), run.message
    assert sharing.loaded() == [(n, f"n{n}") for n in range(1, 31)]
    assert seen == [1] * 4
    assert (exported(sharing), run.moment) == (0, None)


def test_one_chunk_needs_no_moment_to_be_kept(sharing):
    prcid = submit(sharing.site, at_one_moment(sharing.job()))
    seen = []
    run = run_here(sharing.site, prcid, lambda _: seen.append(exported(sharing)))
    assert (run.status, seen) == (RunStatus.SUCCESS, [0, 0])


def test_chunks_of_a_database_that_cannot_are_refused(place):
    place.fill(30)
    prcid = submit(place.site, at_one_moment(place.parallel_job(10)))
    with pytest.raises(NoSharedMoment, match="sqlite gives each chunk a moment of its own"):
        execute(place.site, prcid, place.post)
    run = place.site.ledger.run(prcid)
    assert run.status is RunStatus.FAILED
    assert "MAP-2004" in run.message
    assert "PostgreSQL and Oracle" in run.message


def test_one_chunk_of_a_database_that_cannot_reads_one_moment_anyway(place):
    place.fill(30)
    prcid = submit(place.site, at_one_moment(place.job()))
    execute(place.site, prcid, place.post)
    assert place.site.ledger.run(prcid).status is RunStatus.SUCCESS


def test_without_a_keeper_the_run_is_not_planned(sharing):
    site = replace(sharing.site, times=replace(sharing.site.times, claim=0.2))
    prcid = submit(site, at_one_moment(sharing.parallel_job(10)))
    with pytest.raises(DatabaseUnreachable, match="no moment of it could be kept"):
        execute(site, prcid, sharing.post)
    assert site.ledger.run(prcid).status is RunStatus.FAILED


def test_a_chunk_that_finds_its_moment_gone_ends_the_run_for_all(sharing):
    kept = sharing.databases["source"].keeping_moment()

    def keep(prcid):
        sharing.site.ledger.offer_moment(prcid, kept.__enter__().token)

    site = replace(sharing.site, keep_moment=keep)
    prcid = submit(site, at_one_moment(sharing.parallel_job(10)))
    execute(site, prcid, sharing.post)
    process_chunk(site, prcid, 1)
    kept.__exit__(None, None, None)
    outcome = process_chunk(site, prcid, 2)
    assert outcome.status == "FAILED"
    assert process_chunk(site, prcid, 3).status is None, "nobody may start it"
    run = site.ledger.finalize(prcid)
    assert (run.status, run.tally.inserted) == (RunStatus.FAILED, 10)
    assert "MAP-4005" in run.message
    assert "1 of 3 chunks applied" in run.message
