"""Temporary tables: InnoDB's, so that a savepoint takes their rows back, in binary order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mapper_tasks.dialects.mariadb.sessions import note_temporary, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

ORDER = "utf8mb4_nopad_bin"
INDEXED_CHARACTERS = 180  # four such parts fit into an index
_LONG = re.compile(r"(tiny|medium|long)?(text|blob)\b|(var)?(char|binary)\((\d+)\)")


def create(
    connection: Connection,
    name: str,
    columns: Sequence[tuple[str, str]],
    constraints: Sequence[str],
    lookups: Sequence[Sequence[str]],
) -> None:
    """The empty table with its indexes: to add one later would commit the transaction."""
    types = dict(columns)
    parts = [f"{quoted(column)} {_typed(sql_type)} NULL" for column, sql_type in columns]
    indexes = [
        f"INDEX ({', '.join(_indexed(column, types[column]) for column in lookup)})"
        for lookup in lookups
    ]
    note_temporary(connection, name)
    ddl = (
        f"CREATE OR REPLACE TEMPORARY TABLE {quoted(name)} "
        f"({', '.join([*parts, *constraints, *indexes])}) "
        f"ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={ORDER}"
    )
    connection.exec_driver_sql(ddl.replace("%", "%%"))


def _typed(sql_type: str) -> str:
    """Text of another character set keeps it, and is compared by its bytes all the same.

    >>> _typed("varchar(9) CHARACTER SET latin1")
    'varchar(9) CHARACTER SET latin1 COLLATE latin1_nopad_bin'
    """
    charset = re.search(r" CHARACTER SET (\w+)$", sql_type)
    return f"{sql_type} COLLATE {charset[1]}_nopad_bin" if charset else sql_type


def _indexed(column: str, sql_type: str) -> str:
    long = _LONG.match(sql_type)
    if long and (long[5] is None or int(long[5]) > INDEXED_CHARACTERS):
        return f"{quoted(column)}({INDEXED_CHARACTERS})"
    return quoted(column)
