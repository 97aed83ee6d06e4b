"""Rows of Python into a table: LOAD DATA LOCAL from memory, or INSERTs of many rows.

LOCAL turns what strict mode refuses into warnings, and stores something else. So a load with a
warning is a failed one: the first warning is raised as the error that it would have been.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql.constants import COMMAND
from pymysql.protocol import OKPacketWrapper

from mapper_tasks.dialects.mariadb.driver import as_sqlalchemy, driver_of
from mapper_tasks.dialects.mariadb.sessions import quoted
from mapper_tasks.dialects.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

BLOCK_ROWS = 500
PACKET_BYTES = 2**20  # of a large value; the server refuses packets above max_allowed_packet
BATCH = 5_000
LOCAL = "mapper_loads_local"
_NUMBERS = ("bit", "year")  # of whose text the server takes the bytes, or makes 2000 of 0
_BYTES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
_MARKS = "\\\t\n\0"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\0": "\\0"})
NULL = "\\N"
_SHAPE = (
    "CHARACTER SET utf8mb4 FIELDS TERMINATED BY X'09' ESCAPED BY X'5C' LINES TERMINATED BY X'0A'"
)


def fill(
    connection: Connection, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    driver = driver_of(connection)
    with as_sqlalchemy(driver):
        if _loads_local(connection, driver):
            load(driver, name, columns, _blocks(rows))
        else:
            _insert(driver, name, columns, rows)


def _loads_local(connection: Connection, driver: pymysql.Connection[Any]) -> bool:
    """Whether the server lets clients load from what is their own."""
    if LOCAL not in connection.info:
        with driver.cursor() as cursor:
            cursor.execute("SELECT @@local_infile")
            connection.info[LOCAL] = bool(cursor.fetchall()[0][0])
    return bool(connection.info[LOCAL])


# ---- LOAD DATA LOCAL


def load(
    driver: pymysql.Connection[Any], name: str, columns: Sequence[str], blocks: Iterable[bytes]
) -> int:
    """Send the blocks as the file of a LOAD DATA; the number of rows. Bytes come as hex digits."""
    statement = _statement(driver, name, columns)
    wire: Any = driver  # beneath its cursors, which would open a file
    wire._execute_command(COMMAND.COM_QUERY, statement)  # noqa: SLF001
    answer = wire._read_packet()  # noqa: SLF001
    if not answer.is_load_local_packet():
        raise pymysql.err.InternalError(2027, "the server did not ask for the rows")
    try:
        for block in blocks:
            for start in range(0, len(block), PACKET_BYTES):
                wire.write_packet(block[start : start + PACKET_BYTES])
    finally:
        wire.write_packet(b"")
        done = wire._read_packet()  # noqa: SLF001
    told = OKPacketWrapper(done)
    if told.warning_count:
        _refuse(driver)
    return int(told.affected_rows)


def _statement(driver: pymysql.Connection[Any], name: str, columns: Sequence[str]) -> bytes:
    with driver.cursor() as cursor:
        cursor.execute(f"SHOW COLUMNS FROM {quoted(name)}")
        types = {row[0]: str(row[1]).partition("(")[0] for row in cursor.fetchall()}
    named, sets = [], []
    for place, column in enumerate(columns):
        read = _READ.get(types[column])
        named.append(quoted(column) if read is None else f"@mp_{place}")
        if read is not None:
            sets.append(f"{quoted(column)} = {read(f'@mp_{place}')}")
    ending = f" SET {', '.join(sets)}" if sets else ""
    into = f"INTO TABLE {quoted(name)} {_SHAPE} ({', '.join(named)}){ending}"
    return f"LOAD DATA LOCAL INFILE 'rows' {into}".encode()


_READ: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(_BYTES, lambda given: f"UNHEX({given})"),
    **dict.fromkeys(_NUMBERS, lambda given: f"CAST({given} AS UNSIGNED)"),
}


def _refuse(driver: pymysql.Connection[Any]) -> None:
    with driver.cursor() as cursor:
        cursor.execute("SHOW WARNINGS LIMIT 1")
        [(_, number, words)] = cursor.fetchall()
    raise pymysql.err.DataError(number, words)


def _blocks(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    rows = iter(rows)
    while batch := list(islice(rows, BLOCK_ROWS)):
        fields = [_fields(column) for column in zip(*batch, strict=True)]
        yield ("\n".join(map("\t".join, zip(*fields, strict=True))) + "\n").encode()


def _fields(column: Sequence[Any]) -> Sequence[str]:
    types = set(map(type, column))
    if types <= TEXTS and not _has_marks(column):
        return column if None not in column else [NULL if one is None else one for one in column]
    if len(types) == 1:
        return list(map(_WRITE.get(types.pop(), _other), column))
    return [_WRITE.get(type(value), _other)(value) for value in column]


def _has_marks(column: Sequence[str | None]) -> bool:
    together = "".join(filter(None, column))
    return any(mark in together for mark in _MARKS)


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)


def _other(value: Any) -> str:
    return _escaped(str(_plain(value)))


_WRITE: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: NULL,
    str: _escaped,
    bool: lambda value: "1" if value else "0",
    int: str,
    float: repr,
    Decimal: "{:f}".format,
    bytes: bytes.hex,
}


def _plain(value: Any) -> Any:
    """Moments in UTC: the driver writes the hour that it sees."""
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return utc.isoformat(sep=" ")
    return value


# ---- INSERT


def _insert(
    driver: pymysql.Connection[Any],
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(quoted(column).replace("%", "%%") for column in columns)
    statement = f"INSERT INTO {quoted(name)} ({names}) VALUES ({marks})"
    kept = (tuple(_plain(value) for value in row) for row in rows)
    with driver.cursor() as cursor:
        while batch := list(islice(kept, BATCH)):
            cursor.executemany(statement, batch)
