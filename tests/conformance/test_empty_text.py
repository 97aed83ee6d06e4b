"""The empty text and NULL, where the source takes them for the same and the target does not.

Oracle is such a source. What it takes for the same is said of another one here, so that the rule is
held to on every target without an Oracle at hand: the values are those that its driver gives.
"""

from __future__ import annotations

import uuid

import pytest

from mapper_tasks.dialects.oracle.database import Oracle
from mapper_tasks.etl import marker
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from tests.conformance.ends import AT, EVERYTHING, job
from tests.conformance.test_types import IDENTITY

CONFUSED, EXACT = False, True


def load(ends, number, **road):
    marker.create(ends.target)
    plan = {"id": "id", "name": "name", "note": {"value": ""}}
    work = ChunkWork(
        job=Job.read(job(plan, scd_type=2, **road)),
        prcid=number,
        run_key=str(uuid.uuid4()),
        chunk_no=1,
        slice=EVERYTHING,
        effective_at=AT.replace(day=number),
        window=Window(),
        source=ends.source,
        target=ends.target,
        functions={"m:emptied": lambda row: {**row, "name": row["name"] or ""}},
        on_row_errors=list,
    )
    return load_chunk(work).tally


def make(ends):
    ends.on_source(
        "CREATE TABLE src (id integer, name varchar(9))",
        "INSERT INTO src VALUES (1, NULL), (2, 'b')",
    )
    kind = ends.target.kind
    moment = "datetime(6)" if kind == "mariadb" else "timestamp"
    ends.on_target(
        f"CREATE TABLE trg (skey {IDENTITY[kind]}, id integer NOT NULL, name varchar(9), "
        f"note varchar(9), rwhkey varchar(64), curflg char(1) NOT NULL, fromdt {moment}, "
        f"todt {moment}, reccrdt {moment}, recupdt {moment})"
    )


@pytest.mark.parametrize("tells", [CONFUSED, EXACT])
@pytest.mark.parametrize("emptied_first", [True, False])
def test_null_for_an_empty_text_is_a_change_only_where_the_source_can_tell(
    ends, monkeypatch, tells, emptied_first
):
    monkeypatch.setattr(ends.source, "tells_empty_text", tells)
    make(ends)
    emptied = {"transform": "m:emptied"}
    first, second = (emptied, {}) if emptied_first else ({}, emptied)

    assert load(ends, 1, **first).inserted == 2
    tally = load(ends, 2, **second)

    assert tally.unchanged == (2 if tells is CONFUSED else 1)
    assert tally.expired + tally.inserted + tally.updated == (0 if tells is CONFUSED else 2)


def test_oracle_is_such_a_source():
    assert not Oracle.tells_empty_text
