"""The CHECKs and foreign keys of a SQLite table: its catalog has the one, its DDL the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from mapper_tasks.dialects.stager import Check, Constraints, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from mapper_tasks.model.shape import TableShape

# Comments, quoted text, quoted names, words and single signs: enough to find balanced brackets.
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\w+|\S""", re.DOTALL
)


def read(connection: Connection, table: TableShape, columns: Sequence[str]) -> Constraints:
    others = {one.lower() for one in table.by_name} - {one.lower() for one in columns}
    conditions = [
        (name, condition, {_bare(token) for token in _TOKEN.findall(condition)})
        for name, condition in _conditions(_ddl(connection, table))
    ]
    checks = [
        Check(
            condition,
            f"CHECK constraint failed: {name or condition}",
            tuple(one for one in columns if one.lower() in words),
        )
        for name, condition, words in conditions
        if not others & words
    ]
    references = [one for one in _references(connection, table) if set(one.columns) <= set(columns)]
    return Constraints(tuple(checks), tuple(references))


def _ddl(connection: Connection, table: TableShape) -> str:
    place = f'"{table.schema}".' if table.schema else ""
    found = connection.execute(
        text(f"SELECT sql FROM {place}sqlite_master WHERE type = 'table' AND name = :name"),
        {"name": table.name},
    ).scalar_one_or_none()
    return found or ""


def _conditions(ddl: str) -> Iterator[tuple[str | None, str]]:
    """(constraint's name, condition) of every CHECK, as it is written.

    >>> list(_conditions("CREATE TABLE t (a INT CONSTRAINT ok CHECK (a > 0 AND (a < 9)))"))
    [('ok', 'a > 0 AND (a < 9)')]
    """
    tokens = [match for match in _TOKEN.finditer(ddl) if not match[0].startswith(("--", "/*"))]
    words = [match[0].upper() for match in tokens]
    for place, word in enumerate(words[:-1]):
        if word != "CHECK" or words[place + 1] != "(":
            continue
        named = place >= 2 and words[place - 2] == "CONSTRAINT"
        name = _unquoted(tokens[place - 1][0]) if named else None
        yield name, ddl[tokens[place + 1].end() : _closing(tokens, place + 1)].strip()


def _closing(tokens: Sequence[re.Match[str]], opening: int) -> int:
    depth = 0
    for match in tokens[opening:]:
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return tokens[-1].end()


def _bare(token: str) -> str:
    return _unquoted(token).lower()


def _unquoted(token: str) -> str:
    return token[1:-1] if token[:1] in ('"', "`", "[") and len(token) > 1 else token


def _references(connection: Connection, table: TableShape) -> Iterator[Reference]:
    rows = connection.execute(
        text(
            'SELECT id, "table" AS to_name, "from" AS here, "to" AS there '
            "FROM pragma_foreign_key_list(:name, :schema) ORDER BY id, seq"
        ),
        {"name": table.name, "schema": table.schema or "main"},
    ).all()
    for number in sorted({row.id for row in rows}):
        parts = [row for row in rows if row.id == number]
        there = [row.there for row in parts]
        if None in there:
            there = _primary_key(connection, parts[0].to_name, table.schema)
        yield Reference(
            columns=tuple(row.here for row in parts),
            schema=table.schema,
            to=parts[0].to_name,
            there=tuple(there),
            said="FOREIGN KEY constraint failed",
        )


def _primary_key(connection: Connection, name: str, schema: str | None) -> list[str]:
    """The columns that a reference means when it names none."""
    found = connection.execute(
        text("SELECT name FROM pragma_table_info(:name, :schema) WHERE pk > 0 ORDER BY pk"),
        {"name": name, "schema": schema or "main"},
    )
    return list(found.scalars())
