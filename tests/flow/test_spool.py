"""Runs that read their source once, into a spool in the target."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from mapper_tasks.etl import spool
from mapper_tasks.flow import spooling
from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.rehearse import rehearse
from mapper_tasks.flow.submit import submit
from mapper_tasks.ledger import Ledger
from mapper_tasks.model.errors import StopAsked
from mapper_tasks.model.job import CheckpointConfig
from mapper_tasks.model.status import RunStatus

ROWS = 30
PEOPLE = [(number, f"n{number}") for number in range(1, ROWS + 1)]


@pytest.fixture
def filled(place):
    place.fill(ROWS)
    return place


def spooled(place, size=10, **more):
    return place.parallel_job(size, partition="spool", **more)


def spools(place):
    """The tables of spools in the target, and what the registry knows of them."""
    with place.databases["target"].reading() as reader:
        tables = reader.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'dms_spool^_%' "
            "ESCAPE '^'"
        )
        known = reader.exec_driver_sql("SELECT name FROM dms_spool")
        return set(tables.scalars()), set(known.scalars())


def change(place, statement):
    with place.databases["source"].writing() as writer:
        writer.exec_driver_sql(statement)


def test_a_spooled_run_loads_the_same_and_leaves_no_spool(filled):
    prcid = submit(filled.site, spooled(filled))
    run = run_here(filled.site, prcid, lambda _: None)

    assert run.status is RunStatus.SUCCESS, run.message
    assert (run.chunks, run.tally.source, run.tally.inserted) == (3, ROWS, ROWS)
    assert "the source was read once" in run.plan.reason
    assert filled.loaded() == PEOPLE
    assert spools(filled) == (set(), set())


def test_all_chunks_read_the_moment_of_the_plan(filled):
    prcid = submit(filled.site, spooled(filled))
    execute(filled.site, prcid, filled.post)
    change(filled, "UPDATE person SET name = 'later'")
    change(filled, "DELETE FROM person WHERE id > 20")
    for chunk_no in (1, 2, 3):
        process_chunk(filled.site, prcid, chunk_no)
    finalize(filled.site, prcid)

    assert filled.loaded() == PEOPLE
    assert spools(filled) == (set(), set())


def test_the_source_is_read_once_however_many_chunks(filled, monkeypatch):
    reads = []
    made = spool._make
    monkeypatch.setattr(spool, "_make", lambda work: (reads.append(1), made(work)))
    run_here(filled.site, submit(filled.site, spooled(filled, 2)), lambda _: None)

    assert len(reads) == 1


def test_a_resumed_run_makes_its_spool_again_once(filled, monkeypatch):
    prcid = submit(filled.site, spooled(filled))
    execute(filled.site, prcid, filled.post)
    process_chunk(filled.site, prcid, 2)
    filled.site.ledger.request_stop(prcid)
    assert finalize(filled.site, prcid).status is RunStatus.STOPPED
    assert spools(filled) == (set(), set())

    reads = []
    made = spool._make
    monkeypatch.setattr(spool, "_make", lambda work: (reads.append(1), made(work)))
    filled.site.ledger.resume(prcid)
    execute(filled.site, prcid, filled.post)
    for chunk_no in (1, 3):
        process_chunk(filled.site, prcid, chunk_no)

    assert finalize(filled.site, prcid).status is RunStatus.SUCCESS
    assert len(reads) == 1
    assert filled.loaded() == PEOPLE
    assert spools(filled) == (set(), set())


def test_a_coordinator_that_dies_after_its_spool_leaves_it_to_the_next_spooled_run(
    filled, monkeypatch
):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    prcid = submit(filled.site, spooled(filled))
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record_plan", die)
        with pytest.raises(Killed):
            execute(filled.site, prcid, filled.post)
    left, known = spools(filled)
    assert left == known
    assert len(left) == 1

    hurried = replace(filled.site, times=filled.site.times.paced(0))
    filled.site.ledger.beat_run(prcid, _token(filled, prcid), -1)  # its claim has run out
    execute(hurried, prcid, filled.post)
    for chunk_no in (1, 2, 3):
        process_chunk(filled.site, prcid, chunk_no)
    assert finalize(filled.site, prcid).status is RunStatus.SUCCESS

    assert filled.loaded() == PEOPLE
    assert spools(filled) == (set(), set())  # the end drops every spool of the run


def _token(place, prcid):
    with place.databases["ledger"].reading() as reader:
        found = reader.exec_driver_sql(f"SELECT token FROM dms_prclog WHERE prcid = {prcid}")
        return found.scalar_one()


def test_a_run_stopped_while_its_spool_is_made_leaves_none(filled, monkeypatch):
    prcid = submit(filled.site, spooled(filled))
    made = spool._make

    def stopped_meanwhile(work):
        filled.site.ledger.request_stop(prcid, now=True)
        finalize(filled.site, prcid)
        made(work)

    monkeypatch.setattr(spool, "_make", stopped_meanwhile)
    run = execute(filled.site, prcid, filled.post)

    assert run.status is RunStatus.STOPPED
    assert spools(filled) == (set(), set())
    assert filled.loaded() == []


def test_what_runs_that_are_over_left_behind_is_dropped_by_the_next(filled, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(spooling, "drop", lambda *_: None)
        run_here(filled.site, submit(filled.site, spooled(filled)), lambda _: None)
    assert len(spools(filled)[0]) == 1

    run_here(filled.site, submit(filled.site, spooled(filled)), lambda _: None)

    assert spools(filled) == (set(), set())


def test_a_spool_that_is_busy_is_told_of_and_never_fails_the_run(filled, monkeypatch):
    monkeypatch.setattr(spool, "drop", _busy_at_the_end(filled))
    run = run_here(filled.site, submit(filled.site, spooled(filled)), lambda _: None)

    assert run.status is RunStatus.SUCCESS
    assert "spool.kept" in filled.events()


def _busy_at_the_end(place):
    dropped = spool.drop

    def drop(database, **which):
        if "run_key" in which:
            raise StopAsked("nobody is to wait for its readers")
        dropped(database, **which)

    return drop


def test_an_empty_window_needs_no_spool(filled):
    job = spooled(filled)
    job = job.model_copy(update={"checkpoint_config": CheckpointConfig(columns=("id",))})
    for chunks in (3, 0):
        run = run_here(filled.site, submit(filled.site, job), lambda _: None)
        assert (run.status, run.chunks) == (RunStatus.SUCCESS, chunks), run.message


def test_a_plan_that_is_only_looked_at_makes_no_spool(filled):
    rehearsal = rehearse(filled.site, spooled(filled))

    assert "reads the source once" in rehearsal.plan.reason
    assert len(rehearsal.plan.chunks) == 3
    with sqlite3.connect(filled.databases["target"].file) as file:
        assert file.execute("SELECT name FROM sqlite_master").fetchall() == []
