"""Oracle among others: calls that have their time, cancelled statements, names in V$SESSION."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

import oracledb
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.dialects.oracle.verbatim import verbatim
from mapper_tasks.dialects.others import HASTE_SECONDS, Others

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine, FromClause

NOW = text("SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual")
LONGEST_NAME = 64  # bytes of an action or a client identifier in V$SESSION


class OracleOthers(Others):
    """Rows are locked without a time limit of their own: the call gets one."""

    engine: Engine
    sees_others: ClassVar[bool] = True  # a session's READ COMMITTED

    def hold(self, connection: Connection, rows: FromClause) -> None:
        """The server locks what it finds before it gives the first row."""
        key, *others = rows.c
        of_target = next(one for one in others if one.name == key.name)
        found = select(verbatim("1")).select_from(rows)
        connection.execute(found.with_for_update(of=of_target)).close()

    def cancel(self, connection: Connection) -> None:
        with suppress(oracledb.Error, SQLAlchemyError):
            driver_of(connection).cancel()

    @contextmanager
    def hasty(self) -> Iterator[Connection]:
        with (
            self.engine.connect() as connection,
            within(connection, HASTE_SECONDS),
            connection.begin(),
        ):
            yield connection

    def clock(self, connection: Connection) -> datetime:
        moment: datetime = connection.execute(NOW).scalar_one()
        return moment.replace(tzinfo=UTC)

    def tag(self, connection: Connection, run: str, part: str) -> None:
        driver = driver_of(connection)
        driver.client_identifier = run[:LONGEST_NAME]
        driver.action = part[:LONGEST_NAME]


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


@contextmanager
def within(connection: Connection, seconds: float) -> Iterator[None]:
    """Every call to the server fails (DPY-4024) when it takes longer."""
    driver = driver_of(connection)
    driver.call_timeout = int(seconds * 1000)
    try:
        yield
    finally:
        with suppress(oracledb.Error):
            driver.call_timeout = 0
