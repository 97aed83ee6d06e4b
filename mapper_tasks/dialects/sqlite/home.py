"""SQLite as the ledger's home: one writer at a time, from a transaction's first statement on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.dialects.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


class SQLiteHome(Home):
    """A ledger in a file."""

    sets_itself_up: ClassVar[bool] = True

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def deciding(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            writer = connection.execution_options(mapper_begin="BEGIN IMMEDIATE")
            with writer.begin():
                yield writer

    def wait_for_other_upgrades(self, connection: Connection) -> None:
        """Whoever writes at all is alone."""

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        self._let_readers_pass()
        with super().upgrading() as connection:
            yield connection

    def _let_readers_pass(self) -> None:
        """Readers do not wait for writers. The file remembers it; one in memory has none."""
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()
