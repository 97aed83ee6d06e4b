"""Every type between every two databases, as docs/types.yaml says: loaded, and loaded again.

The second load takes another road than the first: nothing may look like a change to it.
"""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from mapper_tasks.etl import marker
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from tests.conformance.ends import AT, EVERYTHING, job

TYPES = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "types.yaml").read_text(encoding="utf-8")
)
ROADS = {"the quickest": {}, "through Python": {"transform": "m:same"}}


def of(what, kind):
    """What is said for a database, or for all of them."""
    return what.get(kind) if isinstance(what, dict) else what


@pytest.fixture(params=TYPES, ids=lambda one: one["type"])
def matrix(request, ends):
    """A type that both databases have, its values in the source, and an empty target."""
    one = request.param
    source, target = ends.kinds
    if {source, target} - set(one["columns"]):
        pytest.skip(f"{one['type']}: not told for {source} and {target}")
    given = one.get("wider", one["columns"])[source]
    values = [(name, of(value["from"], source)) for name, value in one["values"].items()]
    found = {number: pair for number, pair in enumerate(values, start=1) if pair[1] is not None}
    ends.on_source(
        f"CREATE TABLE src (id integer, v {given})",
        *[
            f"INSERT INTO src VALUES ({n}, {sql})".replace("%", "%%")
            for n, (_, sql) in found.items()
        ],
    )
    return Matrix(ends, one, {number: name for number, (name, _) in found.items()})


class Matrix:
    """One type between two databases."""

    def __init__(self, ends, one, names):
        self.ends, self.one, self.names = ends, one, names

    def expected(self):
        """The text of each value in the target, and the names of those that are refused."""
        source, target = self.ends.kinds
        there = {}
        for number, name in self.names.items():
            value = self.one["values"][name]
            told = {**value.get("in", {}), **value.get(f"from_{source}", {})}
            there[number] = told.get(target, name)
        refused = {number for number, shown in there.items() if shown == "refused"}
        return {n: shown for n, shown in there.items() if n not in refused}, refused

    def job(self, **road):
        return job({"id": "id", "v": "v"}, create=True, scd_type=2, table="trg", **road)

    def load(self, number, job):
        errors = []
        marker.create(self.ends.target)
        work = ChunkWork(
            job=Job.read(job),
            prcid=number,
            run_key=str(uuid.uuid4()),
            chunk_no=1,
            slice=EVERYTHING,
            effective_at=AT + timedelta(days=number),
            window=Window(),
            source=self.ends.source,
            target=self.ends.target,
            functions={"m:same": lambda row: row},
            on_row_errors=errors.extend,
        )
        tally = load_chunk(work).tally
        return tally, {int(json.loads(one.keyvalue)["id"]) for one in errors}

    def stored(self):
        with self.ends.target.reading() as reader:
            shape = self.ends.target.table(reader, "trg")
            rows = text(f"SELECT id, {shown(self.ends.target, shape.by_name['v'])} FROM trg")
            return dict(reader.execute(rows).all())


def shown(database, column):
    if column.kind == "bytes":
        return {"postgresql": "encode(v, 'hex')", "sqlite": "lower(hex(v))"}[database.kind]
    return "CAST(v AS text)"


def made(matrix):
    """The target: by hand, with the type that the matrix says."""
    identity = {
        "postgresql": "bigint GENERATED ALWAYS AS IDENTITY",
        "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    }[matrix.ends.target.kind]
    column = matrix.one["columns"][matrix.ends.target.kind]
    matrix.ends.on_target(
        f"CREATE TABLE trg (skey {identity}, id integer NOT NULL, v {column}, rwhkey varchar(64), "
        "curflg char(1) NOT NULL, fromdt timestamp, todt timestamp, reccrdt timestamp, "
        "recupdt timestamp)"
    )


@pytest.mark.parametrize("first", ROADS)
def test_values_arrive_as_told_and_change_nothing_by_another_road(matrix, first):
    made(matrix)
    there, refused = matrix.expected()
    second = next(road for road in ROADS if road != first)

    tally, errors = matrix.load(1, matrix.job(**ROADS[first]))
    assert matrix.stored() == there
    assert errors == refused
    assert (tally.inserted, tally.rejected) == (len(there), len(refused))

    tally, errors = matrix.load(2, matrix.job(**ROADS[second]))
    assert (tally.unchanged, tally.inserted, tally.updated, tally.expired) == (len(there), 0, 0, 0)
    assert errors == refused
    assert matrix.stored() == there
