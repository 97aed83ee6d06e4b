"""A spool between every pair of databases: the same rows, and the same row errors."""

from __future__ import annotations

import uuid

import pytest

from mapper_tasks.etl import marker, spool
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import slices_between
from mapper_tasks.model.tally import Tally
from tests.conformance.ends import AT, job

SOURCE = "CREATE TABLE src (id integer, name varchar(40), seen timestamp NULL)"
TARGET = "CREATE TABLE trg (id integer NOT NULL, name varchar(5) NOT NULL)"


@pytest.fixture
def ends(ends):
    if not ends.target.makes_tables_in_transactions:
        pytest.skip(f"{ends.target.kind} makes no tables within a transaction, so has no spools")
    return ends


def load(ends, wanted, cuts):
    """The tally of each chunk and the row errors by chunk."""
    marker.create(ends.target)
    run_key, name = str(uuid.uuid4()), spool.name_for(str(uuid.uuid4()))
    errors, tallies = [], []
    for chunk_no, part in enumerate(slices_between(cuts), start=1):
        found = []
        work = ChunkWork(
            job=Job.read(wanted),
            prcid=1,
            run_key=run_key,
            chunk_no=chunk_no,
            slice=part,
            effective_at=AT,
            window=Window(),
            source=ends.source,
            target=ends.target,
            functions=ends.functions,
            on_row_errors=found.extend,
            spool=name,
        )
        tallies.append(load_chunk(work).tally)
        errors.append(found)
    spool.drop(ends.target, run_key=run_key)
    return tallies, errors


def rows(ends):
    with ends.target.reading() as reader:
        return [tuple(row) for row in reader.exec_driver_sql("SELECT * FROM trg ORDER BY id")]


def test_bad_rows_are_errors_of_the_chunk_that_has_their_key(ends):
    ends.on_source(
        SOURCE,
        "INSERT INTO src VALUES (1, 'a', NULL), (2, 'far too long', NULL), (11, 'b', NULL), "
        "(12, NULL, NULL), (NULL, 'c', NULL), (13, 'd', NULL)",
    )
    ends.on_target(TARGET, "INSERT INTO trg VALUES (2, 'kept'), (12, 'kept'), (14, 'gone')")

    expiring = {"on_missing": "expire", "max_expire_share": 1}
    wanted = job({"id": "id", "name": "name"}, **expiring)
    tallies, errors = load(ends, wanted, [(10,)])

    assert [sorted(one.keyvalue for one in part) for part in errors] == [
        ['{"id": "2"}', '{"id": null}'],
        ['{"id": "12"}'],
    ]
    assert [one.source for one in tallies] == [3, 3]
    assert [one.rejected for one in tallies] == [2, 1]
    assert sum(tallies, Tally()).expired == 1
    assert rows(ends) == [(1, "a"), (2, "kept"), (11, "b"), (12, "kept"), (13, "d")]


def test_keys_that_python_makes_are_cut_like_any_others(ends):
    ends.functions = {
        "rules:key": lambda row: row["id"] * 10,
        "rules:odd": lambda row: row if row["id"] % 2 else None,
    }
    ends.on_source(SOURCE, *[f"INSERT INTO src VALUES ({n}, 'n{n}', NULL)" for n in range(1, 8)])
    ends.on_target(TARGET)

    wanted = job({"id": {"python": "rules:key"}, "name": "name"}, transform="rules:odd")
    tallies, _ = load(ends, wanted, [(30,), (60,)])

    assert rows(ends) == [(10, "n1"), (30, "n3"), (50, "n5"), (70, "n7")]
    assert [one.inserted for one in tallies] == [1, 2, 1]
    assert [one.source for one in tallies] == [4, 2, 1]
    assert sum(tallies, Tally()).unchanged == 3


def test_nothing_of_a_spool_is_left_when_its_making_fails(ends):
    ends.on_source(SOURCE)
    ends.on_target(TARGET)

    with pytest.raises(Exception, match="nowhere"):
        load(ends, job({"id": "id", "name": {"sql": "nowhere(name)"}}), [])

    with ends.target.reading() as reader:
        assert list(reader.exec_driver_sql("SELECT * FROM dms_spool")) == []
