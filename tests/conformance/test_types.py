"""Every type between every two databases, as docs/types.yaml says: loaded, and loaded again.

All types of a pair share one table: a column each, and a row for each value. The second load
takes another road than the first: nothing may look like a change to it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select, text

from mapper_tasks.mapping import SourceQuery
from mapper_tasks.model.job import Source
from tests.conformance.ends import IDENTITY, Ends, job, open_database
from tests.oracle.spoken import shape

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

    def make_source(self):
        source, _ = self.ends.kinds
        given = [f"{n} {one.get('wider', one['columns'])[source]}" for n, one in self.types.items()]
        self.ends.on_source(
            f"CREATE TABLE src (id integer, {', '.join(given)})",
            *[
                f"INSERT INTO src (id, {one.column}) VALUES ({one.number}, {one.sql})".replace(
                    "%", "%%"
                )
                for one in self.values
            ],
        )

    def make(self):
        self.make_source()
        _, target = self.ends.kinds
        stored = [f"{n} {one['columns'][target]}" for n, one in self.types.items()]
        self.ends.make_versioned(f"id integer NOT NULL, {', '.join(stored)}")
        self.ends.functions = {"m:same": lambda row: row}

    def load(self, road, *, refused=True):
        """The tally, and the column that each refused row is told of; without those, if asked."""
        self.loads += 1
        left_out = [0, *[one.number for one in self.values if one.is_refused and not refused]]
        query = f"SELECT * FROM src WHERE id NOT IN ({', '.join(map(str, left_out))})"
        columns = {name: name for name in ("id", *self.types)}
        told = job(columns, scd_type=2, query=query, **ROADS[road])
        tally, errors = self.ends.load(told, self.loads)
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
        there = {self.titles[row[0]]: row[columns[row[0]]] for row in rows}
        if self.ends.target.kind == "oracle":
            return {title: as_told(value) for title, value in there.items()}
        return there

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
    if database.kind == "oracle":  # which shows numbers and times in ways of its own
        return name
    if column.kind == "bytes":
        hexed = {"postgresql": "encode({}, 'hex')"}.get(database.kind, "lower(hex({}))")
        return f"CASE WHEN {name} IS NOT NULL THEN {hexed.format(name)} END"
    return f"CAST({name} AS {'char' if database.kind == 'mariadb' else 'text'})"


def as_told(value):
    """What Oracle's driver gives, and takes, as docs/types.yaml tells of it."""
    match value:
        case Decimal():
            whole, point, digits = f"{value:f}".partition(".")
            return f"{whole}{point}{digits}".rstrip("0").rstrip(".") if point else whole
        case bytes():
            return value.hex() or None
        case float():
            return repr(value + 0.0)  # Oracle has no negative zero
    return None if value in ("", None) else str(value)


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


@pytest.mark.parametrize("way", ["plain", "seen"])
def test_what_oracle_is_sent_is_as_told(database_url, way):
    """The half of a way to Oracle that needs none: what is read, and what is bound of it."""
    nowhere = "oracle+oracledb://nobody@localhost/?service_name=none"
    ends = Ends(open_database("a", database_url), open_database("b", nowhere))
    matrix = Matrix(ends, GROUPS["types alike"])
    matrix.make_source()
    told = Source(connection="a", query="SELECT * FROM src")
    with ends.source.reading() as reader:
        query = SourceQuery.describe(told, ends.source, reader)
        amiss = {}
        for value in matrix.values:
            stored = shape(matrix.types[value.column]["columns"]["oracle"])
            given = getattr(ends.source, way)(query.column(value.column), query.shape(value.column))
            found = reader.execute(select(given).where(query.column("id") == value.number))
            sent = bound(ends.target, found.scalar_one(), stored)
            if stored.fixed:
                sent = sent.ljust(stored.length)
            if sent != value.there:
                amiss[value.title] = (sent, value.there)
    ends.source.close()
    assert amiss == {}


def bound(oracle, value, stored):
    try:
        return as_told(oracle.taken(value, stored))
    except ValueError:
        return "refused"
