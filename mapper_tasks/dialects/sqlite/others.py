"""SQLite among others: one writer at a time, and a statement is interrupted in place."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapper_tasks.dialects.others import HASTE_SECONDS, Others
from mapper_tasks.model.clock import utcnow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine


class SQLiteOthers(Others):
    """Writers wait for each other by the connection's busy timeout."""

    engine: Engine

    def cancel(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.interrupt()

    def clock(self, connection: Connection) -> datetime:
        return utcnow()

    @contextmanager
    def hasty(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            [(before,)] = driver.execute("PRAGMA busy_timeout").fetchall()
            driver.execute(f"PRAGMA busy_timeout = {HASTE_SECONDS * 1000}")
            try:
                writer = connection.execution_options(mapper_begin="BEGIN IMMEDIATE")
                with writer.begin():
                    yield writer
            finally:
                driver.execute(f"PRAGMA busy_timeout = {before}")

    @property
    def file(self) -> Path | None:
        return file_of(self.engine)


def file_of(engine: Engine) -> Path | None:
    """The file behind a SQLite engine; None: its database is in memory."""
    name = engine.url.database or ""
    path = name.removeprefix("file:").partition("?")[0]
    return Path(path).resolve() if path and path != ":memory:" else None
