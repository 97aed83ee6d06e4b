"""How every session of MariaDB is set, how transactions begin, and what a session leaves behind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql.constants import CLIENT
from sqlalchemy import create_engine, event

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

TEMPORARY = "mapper_temporary"
READS_ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_BEGIN = ("START TRANSACTION",)

# Modes that bend values on their way, or that keep them from being bent.
_BENDING = ("PAD_CHAR_TO_FULL_LENGTH", "ERROR_FOR_DIVISION_BY_ZERO")
_STRICT = "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE"
_IDLE_READER_SECONDS = 3600
_JOIN_BUFFER_BYTES = 16_777_216
BY_LOOKUP, BY_HASH = 2, 4  # levels of MariaDB's join cache


def engine_of(url: URL) -> Engine:
    # The server is told that the client could send a file, which loading from memory takes; the
    # driver itself refuses to open one, whatever a server asks for.
    flags = CLIENT.FOUND_ROWS | CLIENT.LOCAL_FILES
    engine = create_engine(
        url.set(drivername=f"{url.get_backend_name()}+pymysql"),
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",  # REPEATABLE READ locks the gaps between chunks
        connect_args={"charset": "utf8mb4", "client_flag": flags},
    )
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _sweep)
    return engine


def _settle(connection: pymysql.Connection[Any], _record: Any) -> None:
    with connection.cursor() as cursor:
        modes = "@@SESSION.sql_mode"
        for mode in _BENDING:
            modes = f"REPLACE({modes}, '{mode}', '')"
        cursor.execute(
            "SET SESSION time_zone = '+00:00', "
            f"sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT({modes}, ',{_STRICT}'), ',,', ',')), "
            "sql_notes = 0, sql_safe_updates = 0, sql_select_limit = DEFAULT, "
            # A chunk is read while another server writes it.
            f"net_write_timeout = {_IDLE_READER_SECONDS} "
            # MariaDB alone reads this comment: joins without an index are by hash, where nested
            # loops are quadratic.
            f"/*M!, join_cache_level = {BY_HASH}, join_buffer_size = {_JOIN_BUFFER_BYTES} */"
        )


def _begin(connection: Connection) -> None:
    for statement in connection.get_execution_options().get("mapper_begin", _BEGIN):
        connection.exec_driver_sql(statement)


def note_temporary(connection: Connection, name: str) -> None:
    """Have the temporary table dropped when the connection goes back to its pool."""
    connection.info.setdefault(TEMPORARY, set()).add(name)


def _sweep(connection: pymysql.Connection[Any] | None, record: ConnectionPoolEntry) -> None:
    names = record.info.pop(TEMPORARY, None)
    if connection is None or not names:
        return
    tables = ", ".join(quoted(name) for name in sorted(names))
    with suppress(pymysql.MySQLError), connection.cursor() as cursor:
        cursor.execute(f"DROP TEMPORARY TABLE IF EXISTS {tables}")


def quoted(name: str) -> str:
    """An identifier in back quotes, whatever the session's modes are."""
    return "`{}`".format(name.replace("`", "``"))
