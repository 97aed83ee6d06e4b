"""SQLite as the ledger's home: one writer at a time, from a transaction's first statement on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from mapper_tasks.dialects.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection


class SQLiteHome(Home):
    """A ledger in a file."""

    sets_itself_up: ClassVar[bool] = True
    decides: ClassVar[Mapping[str, Any]] = {"mapper_begin": "BEGIN IMMEDIATE"}

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
