"""PostgreSQL among others: row locks with a time limit, and a request to cancel from outside."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.dialects.others import HASTE_SECONDS, Others
from mapper_tasks.dialects.postgresql.copying import driver_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine

# The session of this login that holds the advisory lock `work` here; a lock's number is kept in
# halves.
_HOLDER = (
    " FROM pg_locks lock JOIN pg_stat_activity session USING (pid)"
    " WHERE lock.locktype = 'advisory' AND lock.objsubid = 1 AND lock.granted"
    " AND session.datname = current_database() AND session.usename = current_user"
    " AND (lock.classid::bigint << 32 | lock.objid::bigint) = hashtextextended(:work, 0)"
)
_FIND_HOLDER = text("SELECT pid" + _HOLDER)
_END_HOLDER = text("SELECT pg_terminate_backend(pid)" + _HOLDER + " AND pid = :pid")

CANCEL_SECONDS = 2.0  # to reach the server with the request


class PostgreSQLOthers(Others):
    """The server serves many writers; a cancellation goes to it on a connection of its own."""

    engine: Engine

    def take_over(self, connection: Connection, work: str, ask: Callable[[], None]) -> None:
        key = func.hashtextextended(work, 0)
        if connection.scalar(select(func.pg_try_advisory_xact_lock(key))):
            return
        pid = connection.scalar(_FIND_HOLDER, {"work": work})
        # In this order: whoever held the work before the answer that it is ours came before us.
        ask()
        connection.execute(_END_HOLDER, {"work": work, "pid": pid})
        connection.execute(select(func.pg_advisory_xact_lock(key)))

    def cancel(self, connection: Connection) -> None:
        with suppress(psycopg.Error, SQLAlchemyError):
            driver_of(connection).cancel_safe(timeout=CANCEL_SECONDS)

    def clock(self, connection: Connection) -> datetime:
        moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment

    @contextmanager
    def hasty(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            writer = connection.execution_options(isolation_level="READ COMMITTED")
            with writer.begin():
                writer.exec_driver_sql(f"SET LOCAL lock_timeout = '{HASTE_SECONDS}s'")
                yield writer
