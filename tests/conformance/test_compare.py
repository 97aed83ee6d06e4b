"""The source beside the target: what a load left right, and every way in which they can differ."""

from __future__ import annotations

import itertools
import uuid

import pytest

from mapper_tasks.etl import marker
from mapper_tasks.etl.compare import Comparing, compare
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import slices_between
from tests.conformance.ends import AT, EVERYTHING, job

SOURCE = "CREATE TABLE src (id integer, name varchar(20), at timestamp NULL, gone boolean)"
TARGET = (
    "CREATE TABLE trg (id integer NOT NULL, name varchar(8), curflg char(1) NOT NULL, "
    "fromdt timestamp NULL, todt timestamp NULL)"
)
VERSIONED = {"scd_type": 2, "effective_from": "at", "open_end": None}
MARCH, APRIL = "'2024-03-01 00:00:00'", "'2024-04-01 00:00:00'"
NUMBERED = itertools.count(1)


@pytest.fixture
def loaded(ends):
    """Both sides after a load: key 3 has ended, key 4 is too long, key 5 came twice."""
    ends.on_source(
        SOURCE,
        f"INSERT INTO src VALUES (1, 'a', {MARCH}, false), (2, 'b', {MARCH}, false)",
        f"INSERT INTO src VALUES (3, 'c', {MARCH}, false), (3, 'c', {APRIL}, true)",
        f"INSERT INTO src VALUES (4, 'much too long', {MARCH}, false)",
        f"INSERT INTO src VALUES (5, 'e', {MARCH}, false), (5, 'f', {MARCH}, false)",
        f"INSERT INTO src VALUES (6, 'g', {MARCH}, false), (6, 'h', {APRIL}, false)",
    )
    ends.on_target(TARGET)
    marker.create(ends.target)
    load_chunk(
        ChunkWork(
            job=wanted(**gone(ends)),
            prcid=next(NUMBERED),
            run_key=str(uuid.uuid4()),
            chunk_no=1,
            slice=EVERYTHING,
            effective_at=AT,
            window=Window(),
            source=ends.source,
            target=ends.target,
        )
    )
    return ends


def wanted(**target):
    return Job.read(job({"id": "id", "name": "name"}, **{**VERSIONED, **target}))


def gone(ends):
    """The condition of a delete: Oracle 19c has no truth values."""
    return {"delete_when": "gone = 1" if ends.source.kind == "oracle" else "gone"}


def compared(ends, cuts=(), **target):
    work = Comparing(wanted(**gone(ends), **target), ends.source, ends.target, Window(), AT)
    first, *others = [compare(work, part) for part in slices_between(list(cuts))]
    return sum(others, first)


def differences(found):
    return {check.name: check.broken for check in found.checks if check.broken}


def test_after_a_load_nothing_differs(loaded):
    for cuts in ((), [(2,)], [(3,), (5,)]):
        found = compared(loaded, cuts)
        assert found.same
        assert (differences(found), found.source_rows, found.rejected) == ({}, 9, 3)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE src SET name = 'z' WHERE id = 1", "differing"),
        ("UPDATE src SET name = NULL WHERE id = 1", "differing"),
        ("INSERT INTO src VALUES (7, 'new', '2024-03-01 00:00:00', false)", "missing"),
        ("UPDATE src SET gone = true WHERE id = 1", "ended"),
    ],
)
def test_what_the_source_says_otherwise_is_found(loaded, change, what):
    loaded.on_source(change)

    found = compared(loaded, [(3,)])

    assert differences(found) == {what: 1}
    assert not found.same
    [check] = [one for one in found.checks if one.broken]
    assert check.examples == ({"id": "7" if what == "missing" else "1"},)


def test_a_key_that_the_source_has_no_more_is_a_fault_only_where_it_is_to_expire(loaded):
    loaded.on_source("DELETE FROM src WHERE id = 1")

    assert differences(compared(loaded)) == {"extra": 1}
    assert compared(loaded).same
    assert not compared(loaded, on_missing="expire").same


def test_what_a_later_row_has_brought_is_no_difference(loaded):
    loaded.on_source("DELETE FROM src WHERE id = 6 AND name = 'h'")

    assert differences(compared(loaded)) == {}


def test_a_comparison_leaves_both_sides_as_they_were(loaded):
    def tables(database):
        with database.reading() as reader:
            return sorted(map(str, reader.exec_driver_sql("SELECT * FROM trg").all()))

    before = tables(loaded.target)
    compared(loaded, [(3,)])

    assert tables(loaded.target) == before
