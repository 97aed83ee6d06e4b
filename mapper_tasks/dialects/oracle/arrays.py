"""Array DML into a temporary table: rows of Python values, thousands a round trip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import oracledb
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects.oracle import temporary, times, values
from mapper_tasks.dialects.oracle.others import driver_of
from mapper_tasks.dialects.oracle.shapes import LOBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

Write: TypeAlias = Callable[[Sequence[Sequence[Any]]], None]


@contextmanager
def writing_to(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[Write]:
    """A function that inserts rows with values for these columns of a temporary table."""
    kept = connection.info[temporary.TYPES][name]
    places = lobs_last([kept[column] for column in columns])
    types = [kept[columns[place]] for place in places]
    quote = connection.dialect.identifier_preparer.quote
    statement = insertion(name, [quote(columns[place]) for place in places], types)
    driver = driver_of(connection)
    with as_sqlalchemy(driver), driver.cursor() as cursor:
        cursor.setinputsizes(*[values.driver_type(one) for one in types])

        def write(rows: Sequence[Sequence[Any]]) -> None:
            cursor.executemany(
                statement,
                [tuple(map(values.bound, map(row.__getitem__, places), types)) for row in rows],
            )

        yield write


def lobs_last(types: Sequence[str]) -> list[int]:
    """The places of the columns: after a LOB, the server takes no text of more than 4000 bytes.

    >>> lobs_last(["NUMBER", "CLOB", "VARCHAR2(20 CHAR)"])
    [0, 2, 1]
    """
    return sorted(range(len(types)), key=lambda place: types[place] in LOBS)


def insertion(name: str, columns: Sequence[str], types: Sequence[str]) -> str:
    """The INSERT; a time with a zone is bound in UTC and given its zone by the server.

    >>> insertion("mp_stage", ["id", "at"], ["NUMBER", "TIMESTAMP(6) WITH TIME ZONE"])
    "INSERT INTO ora$ptt_mp_stage (id, at) VALUES (:1, FROM_TZ(:2, '+00:00'))"
    """
    places = [
        f"FROM_TZ(:{place}, '+00:00')" if times.is_zoned(sql_type) else f":{place}"
        for place, sql_type in enumerate(types, start=1)
    ]
    into = temporary.real_name(name)
    return f"INSERT INTO {into} ({', '.join(columns)}) VALUES ({', '.join(places)})"


@contextmanager
def as_sqlalchemy(driver: Any) -> Iterator[None]:
    """Faults of the bare driver in the wrapping that everything else raises."""
    try:
        yield
    except oracledb.Error as fault:
        gone = not driver.is_healthy()
        raise DBAPIError(None, None, fault, connection_invalidated=gone) from fault
