"""The ledger's transactions: short, and safe against each other on every database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mapper_tasks.ledger import sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


class Transactions:
    """Reading and writing transactions on the ledger's database.

    Servers: READ COMMITTED, with the run's row locked first by everything that decides about the
    run; a condition of an UPDATE is then evaluated on what is committed. SQLite: one writer at a
    time, from the transaction's first statement on.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._options: dict[str, Any] = {"isolation_level": "READ COMMITTED"}
        self._writing: dict[str, Any] = {}
        if engine.dialect.name == "sqlite":
            sqlite.prepare(engine)
            self._options, self._writing = {}, {sqlite.BEGIN_OPTION: "BEGIN IMMEDIATE"}

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(**self._options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits at its end, and rolls back when anything is raised."""
        with self.engine.connect() as connection:
            writer = connection.execution_options(**self._options, **self._writing)
            with writer.begin():
                yield writer
