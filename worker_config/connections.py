"""From the names that jobs use to open databases. A name's case does not matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.dialects import Database, open_database
from mapper_tasks.ledger import Ledger
from mapper_tasks.model.errors import UnknownConnection

if TYPE_CHECKING:
    from worker_config.settings import Settings


class Connections:
    """The databases of one process: opened at first use, kept, closed at its end."""

    def __init__(self, settings: Settings) -> None:
        self._urls = {name.casefold(): url for name, url in settings.connections.items()}
        self._metadata_url = settings.metadata_url
        self._databases: dict[str, Database] = {}
        self._metadata: Database | None = None
        self._ledger: Ledger | None = None

    def __call__(self, name: str) -> Database:
        """The database a job calls `name`. Raises UnknownConnection (MAP-1002)."""
        key = name.casefold()
        if key not in self._databases:
            self._databases[key] = _open(name, self._url(name))
        return self._databases[key]

    def _url(self, name: str) -> str:
        try:
            return self._urls[name.casefold()].get_secret_value()
        except KeyError:
            known = ", ".join(sorted(self._urls)) or "none"
            raise UnknownConnection(f"connection {name!r} is not set; known: {known}") from None

    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._metadata = _open("metadata", self._metadata_url.get_secret_value())
            self._ledger = Ledger(self._metadata)
        return self._ledger

    def forget_inherited(self) -> None:
        """After a fork: let go of the parent's pools without closing the parent's sockets."""
        for database in self._opened():
            database.engine.dispose(close=False)
        self._forget()

    def close(self) -> None:
        for database in self._opened():
            database.close()
        self._forget()

    def _opened(self) -> list[Database]:
        return [*self._databases.values(), *([self._metadata] if self._metadata else [])]

    def _forget(self) -> None:
        self._databases.clear()
        self._metadata = self._ledger = None


def _open(name: str, url: str) -> Database:
    database = open_database(name, url)
    database.engine.hide_parameters = True  # or the text of a fault shows values of rows
    return database
