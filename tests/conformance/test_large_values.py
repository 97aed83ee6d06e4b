"""Texts and bytes of the size that docs/databases.md states arrive by every road."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from mapper_tasks.etl import stage
from tests.conformance.ends import AT, EVERYTHING, job

MIB = 2**20
STATED = 8 * MIB  # bytes, of a text as well: its letters take two each

PG, LITE, MARIA, ORACLE = "postgresql", "sqlite", "mariadb", "oracle"
TYPES = {
    PG: ("text", "bytea"),
    LITE: ("TEXT", "BLOB"),
    MARIA: ("longtext", "longblob"),
    ORACLE: ("CLOB", "BLOB"),
}
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
# Oracle's functions of text end at 4000 bytes.
GROWN = """DECLARE
  words CLOB := TO_CLOB(RPAD('é', 10, 'é'));
  pieces BLOB := TO_BLOB(HEXTORAW(RPAD('ff', 40, 'ff')));
BEGIN
  WHILE DBMS_LOB.GETLENGTH(words) < {letters} LOOP
    DBMS_LOB.COPY(words, words, LEAST(DBMS_LOB.GETLENGTH(words), {letters}
      - DBMS_LOB.GETLENGTH(words)), DBMS_LOB.GETLENGTH(words) + 1);
  END LOOP;
  WHILE DBMS_LOB.GETLENGTH(pieces) < {size} LOOP
    DBMS_LOB.COPY(pieces, pieces, LEAST(DBMS_LOB.GETLENGTH(pieces), {size}
      - DBMS_LOB.GETLENGTH(pieces)), DBMS_LOB.GETLENGTH(pieces) + 1);
  END LOOP;
  INSERT INTO src VALUES ({number}, words, pieces);
END;"""
SIZE = {LITE: func.length, ORACLE: func.dbms_lob.getlength}


def table(kind, name):
    text, raw = TYPES[kind]
    return f"CREATE TABLE {name} (id integer, note {text}, picture {raw})"


def row(kind, number, size):
    if kind == ORACLE:
        return GROWN.format(number=number, letters=size // 2, size=size)
    text = TEXT[kind].format(letters=size // 2)
    return f"INSERT INTO src SELECT {number}, {text}, {BYTES[kind].format(size=size)}"


def sizes(ends, columns):
    """The bytes of each value that is staged, by key, and the keys that were refused."""
    with ends.staging(job(columns)) as one:
        staged = stage.fill(
            one.job, one.mapping, EVERYTHING, one.window, AT, one.reader, one.writer,
            ends.functions, lambda: None,
        )  # fmt: skip
        size = SIZE.get(one.target.kind, func.octet_length)
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
    letters = 2 if target in SIZE else 1  # of a text these count the letters
    assert rejected == []
    assert found == {n: (size // letters, size) for n, size in {1: 20, 2: STATED}.items()}
