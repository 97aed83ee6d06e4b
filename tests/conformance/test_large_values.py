"""Texts and bytes of the size that docs/databases.md states arrive by every road."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from mapper_tasks.etl import stage
from tests.conformance.ends import AT, EVERYTHING, job

MIB = 2**20
STATED = 8 * MIB  # bytes, of a text as well: its letters take two each

PG, LITE, MARIA = "postgresql", "sqlite", "mariadb"
TYPES = {PG: ("text", "bytea"), LITE: ("TEXT", "BLOB"), MARIA: ("longtext", "longblob")}
TEXT = {
    PG: "repeat('é', {letters})",
    LITE: "replace(hex(zeroblob({letters} / 2)), '0', 'é')",
    MARIA: "repeat('é', {letters})",
}
BYTES = {
    PG: "decode(repeat('ff', {size}), 'hex')",
    LITE: "zeroblob({size})",
    MARIA: "repeat(x'ff', {size})",
}


def table(kind, name):
    text, raw = TYPES[kind]
    return f"CREATE TABLE {name} (id integer, note {text}, picture {raw})"


def row(kind, number, size):
    text = TEXT[kind].format(letters=size // 2)
    return f"INSERT INTO src SELECT {number}, {text}, {BYTES[kind].format(size=size)}"


def sizes(ends, columns):
    """The bytes of each value that is staged, by key, and the keys that were refused."""
    with ends.staging(job(columns)) as one:
        staged = stage.fill(
            one.job, one.mapping, EVERYTHING, one.window, AT, one.reader, one.writer,
            ends.functions, lambda: None,
        )  # fmt: skip
        size = func.length if one.target.kind == LITE else func.octet_length
        columns = (one.stage.c.note, one.stage.c.picture)
        rows = one.writer.execute(select(one.stage.c.id, *map(size, columns))).all()
    return {number: tuple(found) for number, *found in rows}, staged.rejected


@pytest.mark.parametrize("through_python", [False, True])
def test_a_value_of_the_stated_size_arrives(ends, through_python):
    source, target = ends.kinds
    if through_python and source == target:
        pytest.skip("is read and written alike between others")
    ends.on_source(table(source, "src"), row(source, 1, 20), row(source, 2, STATED))
    ends.on_target(table(target, "trg"))
    ends.functions = {"m:same": lambda row: row["note"]}
    columns = {"id": "id", "note": "note", "picture": "picture"}
    if through_python:
        columns["note"] = {"python": "m:same"}
    found, rejected = sizes(ends, columns)
    letters = 2 if target == LITE else 1  # SQLite counts the letters of a text
    assert rejected == []
    assert found == {n: (size // letters, size) for n, size in {1: 20, 2: STATED}.items()}
