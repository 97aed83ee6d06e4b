"""What SQLite needs to be a ledger: real transactions and patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection, Engine

BUSY_MILLISECONDS = 60_000
# The option that a transaction's first statement is taken from, on every engine of ours.
BEGIN_OPTION = "mapper_begin"


def prepare(engine: Engine) -> None:
    """Make the engine's transactions explicit, before its first connection. Twice is once."""
    if not event.contains(engine, "begin", _begin):
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by `_begin`, not guessed by the driver from the statement.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    driver_connection: Any = connection.connection.dbapi_connection
    if not driver_connection.in_transaction:
        begin = connection.get_execution_options().get(BEGIN_OPTION, "BEGIN")
        connection.exec_driver_sql(begin)


def use_write_ahead_log(engine: Engine) -> None:
    """Readers do not wait for writers. The file remembers it; a database in memory has none."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
