"""Collations: which the columns of a query have, and which of them order text alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select
    from sqlalchemy.sql.compiler import SQLCompiler

    from mapper_tasks.model.shape import ColumnShape

UNDECIDED = ""  # of an expression over columns with different collations

_NAMED = text("""
    SELECT to_jsonb(c), pg_collation_actual_version(c.oid)
    FROM pg_collation c WHERE c.collname = :name LIMIT 1
""")
_DEFAULT = text("""
    SELECT to_jsonb(d), pg_database_collation_actual_version(d.oid)
    FROM pg_database d WHERE d.datname = current_database()
""")

# What decides an order; the locale's column has changed its name from version to version.
_DECIDING = re.compile(r"^(coll|dat)(|loc)provider$|collate$|locale$|rules$|isdeterministic$")


class CollationsOf(Executable, ClauseElement):
    """One row with the collation of each asked place (from 1) of a query with `width` columns."""

    inherit_cache = False

    def __init__(self, query: Select[Any], width: int, places: Sequence[int]) -> None:
        self.query = query
        self.width = width
        self.places = places


@compiles(CollationsOf, "postgresql")
def _collations(element: CollationsOf, compiler: SQLCompiler, **options: Any) -> str:
    asked = ", ".join(f"pg_collation_for(d.c{place})" for place in element.places)
    columns = ", ".join(f"c{place}" for place in range(1, element.width + 1))
    query = compiler.process(element.query.limit(0), **options)
    return f"SELECT {asked} FROM (SELECT 1) AS one LEFT JOIN ({query}) AS d({columns}) ON true"


def collations_of(
    connection: Connection, query: Select[Any], width: int, places: Sequence[int]
) -> dict[int, str]:
    """Place -> collation name; the query is not run."""
    if not places:
        return {}
    row = connection.execute(CollationsOf(query, width, places)).one()
    return {place: _bare(name) for place, name in zip(places, row, strict=True)}


def _bare(shown: str | None) -> str:
    """The name without quotes and schema."""
    if shown is None:
        return UNDECIDED
    quoted = re.search(r'"((?:[^"]|"")*)"$', shown)
    return quoted[1].replace('""', '"') if quoted else shown.rpartition(".")[2]


def text_order(connection: Connection, column: ColumnShape) -> str:
    """The collation's rules with the version of the library that sorts by it."""
    if column.collation == UNDECIDED:
        return "none"
    if column.collation in (None, "default"):
        row = connection.execute(_DEFAULT).one()
    else:
        row = connection.execute(_NAMED, {"name": column.collation}).one()
    rules = {
        re.sub("^(coll|dat)(loc(?=provider))?", "", name): value
        for name, value in row[0].items()
        if _DECIDING.search(name) and value
    }
    if rules.get("provider") == "c" and rules.get("collate") in {"C", "POSIX"}:
        return "binary"
    rules.setdefault("isdeterministic", True)  # of a database, always
    return f"postgresql:{sorted(rules.items())}:{row[1]}"
