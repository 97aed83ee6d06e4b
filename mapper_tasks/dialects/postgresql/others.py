"""PostgreSQL among others: row locks with a time limit, and a request to cancel from outside."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.dialects.others import HASTE_SECONDS, Others
from mapper_tasks.dialects.postgresql.copying import driver_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine

CANCEL_SECONDS = 2.0  # to reach the server with the request


class PostgreSQLOthers(Others):
    """The server serves many writers; a cancellation goes to it on a connection of its own."""

    engine: Engine

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
