"""MariaDB among others: row locks with a time limit, and a statement killed from outside."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

import pymysql
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.dialects.mariadb.driver import driver_of
from mapper_tasks.dialects.mariadb.sessions import BY_HASH, BY_LOOKUP
from mapper_tasks.dialects.others import HASTE_SECONDS, Others
from mapper_tasks.dialects.planner import Explain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine, FromClause

CANCEL_SECONDS = 2  # to reach the server with the request


class MariaDBOthers(Others):
    """The server serves many writers; KILL QUERY goes to it on a connection of its own."""

    engine: Engine
    sees_others: ClassVar[bool] = True  # a session's READ COMMITTED

    def hold(self, connection: Connection, rows: FromClause) -> None:
        counted = select(func.count()).prefix_with("STRAIGHT_JOIN").select_from(rows)
        # Looked up where that can be: a join by hash reads, and so locks, more than it finds.
        _set_joins(connection, BY_LOOKUP)
        steps = connection.execute(Explain(counted)).mappings().all()
        if any("Using join buffer" in (step["Extra"] or "") for step in steps):
            _set_joins(connection, BY_HASH)
        connection.execute(counted.with_for_update())
        _set_joins(connection, BY_HASH)

    def cancel(self, connection: Connection) -> None:
        with suppress(pymysql.MySQLError, SQLAlchemyError, OSError):
            number = int(driver_of(connection).thread_id())  # type: ignore[no-untyped-call]
            with closing(self._aside()) as other, other.cursor() as cursor:
                cursor.execute(f"KILL QUERY {number}")

    def _aside(self) -> pymysql.Connection[Any]:
        """A connection that waits for none of the pool."""
        dialect = self.engine.dialect
        _, words = dialect.create_connect_args(self.engine.url)
        limits = {"connect_timeout": CANCEL_SECONDS, "read_timeout": CANCEL_SECONDS}
        return pymysql.connect(**{**words, **limits})

    def clock(self, connection: Connection) -> datetime:
        now: datetime = connection.execute(select(func.utc_timestamp(6))).scalar_one()
        return now.replace(tzinfo=UTC)

    @contextmanager
    def hasty(self) -> Iterator[Connection]:
        with self.engine.begin() as writer:
            wait = "SET SESSION innodb_lock_wait_timeout"
            writer.exec_driver_sql(f"{wait} = {HASTE_SECONDS}")
            try:
                yield writer
            finally:
                if not writer.invalidated:
                    with suppress(SQLAlchemyError):
                        writer.exec_driver_sql(f"{wait} = DEFAULT")


def _set_joins(connection: Connection, level: int) -> None:
    """How the session joins tables, where an index could be used and where none can."""
    connection.exec_driver_sql(f"SET SESSION join_cache_level = {level}")
