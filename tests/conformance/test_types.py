"""Every type between every two databases, as docs/types.yaml says: loaded, and loaded again.

All types of a pair share one table: a column each, and a row for each value. The second load
takes another road than the first: nothing may look like a change to it.
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
# Where the two sides have other types a quick road is closed to the whole table.
GROUPS = {
    "types alike": [one for one in TYPES if "wider" not in one],
    "wider types": [one for one in TYPES if "wider" in one],
}
ROADS = {"the quickest": {}, "through Python": {"transform": "m:same"}}
MOST_VALUES = 100
IDENTITY = {
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY",
    "mariadb": "bigint AUTO_INCREMENT PRIMARY KEY",
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
}


class Value:
    """A value of a type on its way from one kind of database to another."""

    def __init__(self, number, column, type_, name, kinds):
        source, target = kinds
        value = type_["values"][name]
        told = {**value.get("in", {}), **value.get(f"from_{source}", {})}
        self.number, self.column = number, column
        self.title = f"{type_['type']}: {name}"
        self.sql = of(value["from"], source)
        self.there = told.get(target, name)

    @property
    def is_refused(self):
        return self.there == "refused"


def of(what, kind):
    """What is said for a database, or for all of them."""
    return what.get(kind) if isinstance(what, dict) else what


class Matrix:
    """Some types between two databases."""

    def __init__(self, ends, types):
        self.ends, self.types = ends, {f"v{n}": one for n, one in enumerate(types, start=1)}
        self.values = [
            value
            for place, (column, one) in enumerate(self.types.items(), start=1)
            for n, name in enumerate(one["values"])
            if (value := Value(place * MOST_VALUES + n, column, one, name, ends.kinds)).sql
        ]
        self.refused = {one.title: one.column for one in self.values if one.is_refused}
        self.arriving = {one.title: one.there for one in self.values if not one.is_refused}
        self.titles = {one.number: one.title for one in self.values}
        self.loads = 0

    def make(self):
        source, target = self.ends.kinds
        given = [f"{n} {one.get('wider', one['columns'])[source]}" for n, one in self.types.items()]
        stored = [f"{n} {one['columns'][target]}" for n, one in self.types.items()]
        moment = {"mariadb": "datetime(6)"}.get(target, "timestamp")
        self.ends.on_source(
            f"CREATE TABLE src (id integer, {', '.join(given)})",
            *[
                f"INSERT INTO src (id, {one.column}) VALUES ({one.number}, {one.sql})".replace(
                    "%", "%%"
                )
                for one in self.values
            ],
        )
        self.ends.on_target(
            f"CREATE TABLE trg (skey {IDENTITY[target]}, id integer NOT NULL, {', '.join(stored)}, "
            f"rwhkey varchar(64), curflg char(1) NOT NULL, fromdt {moment}, todt {moment}, "
            f"reccrdt {moment}, recupdt {moment})"
        )
        marker.create(self.ends.target)

    def load(self, road, *, refused=True):
        """The tally, and the column that each refused row is told of; without those, if asked."""
        self.loads += 1
        left_out = [0, *[one.number for one in self.values if one.is_refused and not refused]]
        query = f"SELECT * FROM src WHERE id NOT IN ({', '.join(map(str, left_out))})"
        columns = {name: name for name in ("id", *self.types)}
        errors = []
        work = ChunkWork(
            job=Job.read(job(columns, scd_type=2, query=query, **ROADS[road])),
            prcid=self.loads,
            run_key=str(uuid.uuid4()),
            chunk_no=1,
            slice=EVERYTHING,
            effective_at=AT + timedelta(days=self.loads),
            window=Window(),
            source=self.ends.source,
            target=self.ends.target,
            functions={"m:same": lambda row: row},
            on_row_errors=errors.extend,
        )
        tally = load_chunk(work).tally
        return tally, {self.title_of(one): one.errmsg.partition(":")[0] for one in errors}

    def title_of(self, error):
        return self.titles[int(json.loads(error.keyvalue)["id"])]

    def stored(self):
        """The text of each value that has arrived."""
        with self.ends.target.reading() as reader:
            shapes = self.ends.target.table(reader, "trg").by_name
            texts = [shown(self.ends.target, shapes[name]) for name in self.types]
            rows = reader.execute(text(f"SELECT id, {', '.join(texts)} FROM trg")).all()
        places = {name: place for place, name in enumerate(self.types, start=1)}
        columns = {one.number: places[one.column] for one in self.values}
        assert not [row[0] for row in rows if sum(one is not None for one in row) > 2]
        return {self.titles[row[0]]: row[columns[row[0]]] for row in rows}

    def amiss(self):
        """The values that are not as told: what is there, and what was told."""
        stored, missing = self.stored(), "nothing"
        return {
            title: (stored.get(title, missing), self.arriving.get(title, missing))
            for title in sorted(stored | self.arriving)
            if stored.get(title, missing) != self.arriving.get(title, missing)
        }


def shown(database, column):
    name = column.name
    if column.kind == "bytes":
        hexed = {"postgresql": "encode({}, 'hex')"}.get(database.kind, "lower(hex({}))")
        return f"CASE WHEN {name} IS NOT NULL THEN {hexed.format(name)} END"
    return f"CAST({name} AS {'char' if database.kind == 'mariadb' else 'text'})"


@pytest.mark.parametrize("first", ROADS)
@pytest.mark.parametrize("group", GROUPS)
def test_values_arrive_as_told_and_change_nothing_by_another_road(ends, group, first):
    matrix = Matrix(ends, GROUPS[group])
    matrix.make()
    count = len(matrix.arriving)
    second = next(road for road in ROADS if road != first)

    tally, errors = matrix.load(first, refused=False)
    assert matrix.amiss() == {}
    assert not errors
    assert tally.inserted == count

    for road in (first, second):
        tally, errors = matrix.load(road)
        assert errors == matrix.refused
        assert matrix.amiss() == {}
        assert (tally.unchanged, tally.rejected) == (count, len(matrix.refused))
        assert (tally.inserted, tally.updated, tally.expired) == (0, 0, 0)


def test_every_type_is_told_for_every_database():
    kinds = set(IDENTITY)
    assert [one["type"] for one in TYPES if not kinds <= set(one["columns"])] == []
