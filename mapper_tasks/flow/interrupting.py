"""What an attempt is doing in the databases, so that another thread can cut it short."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database


class AtWork:
    """The connections that an attempt works on at this moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connections: list[tuple[Database, Connection]] = []
        self._interrupted = False

    @contextmanager
    def on(self, database: Database, connection: Connection) -> Iterator[None]:
        """Within the block its statements may be cancelled; a commit belongs after it."""
        pair = (database, connection)
        with self._lock:
            self._connections.append(pair)
        try:
            yield
        finally:
            with self._lock:
                self._connections.remove(pair)
                interrupted = self._interrupted
            if interrupted:
                # The cancellation may still be on its way: it must not meet anybody's next work.
                connection.invalidate()

    def interrupt(self) -> None:
        """Cancel whatever statement runs. Called from another thread."""
        with self._lock:
            self._interrupted = True
            for database, connection in self._connections:
                database.cancel(connection)
