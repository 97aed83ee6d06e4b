"""What a database does for the ledger that lives in it: transactions that decide, and upgrades."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine

UPGRADE = "dms_alembic_version"  # the lock of upgrades, called like the table they are noted in


class Home(ABC):
    """The ledger's side of a Database, as servers do it; others override what differs.

    Each statement sees what is committed when it begins, and the condition of an UPDATE is
    evaluated on that. Who decides about a run locks its row first.
    """

    engine: Engine
    sets_itself_up: ClassVar[bool] = False
    """Whether an empty ledger is made at its first use: there is nobody else to ask."""

    looks: ClassVar[Mapping[str, Any]] = {}
    decides: ClassVar[Mapping[str, Any]] = {}
    """What makes a session of the engine one that does so."""

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A transaction of reading statements, rolled back."""
        with self.engine.connect() as connection:
            yield connection.execution_options(**self.looks)

    @contextmanager
    def deciding(self) -> Iterator[Connection]:
        """A short transaction that commits at its end, and rolls back when anything is raised."""
        with self.engine.connect() as connection:
            writer = connection.execution_options(**self.decides)
            with writer.begin():
                yield writer

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        """A writing transaction for DDL that one at a time has; others wait for it.

        Where DDL commits by itself, what was done before a fault stays done.
        """
        with self.deciding() as connection:
            self.wait_for_other_upgrades(connection)
            yield connection

    @abstractmethod
    def wait_for_other_upgrades(self, connection: Connection) -> None:
        """Return when nobody else upgrades this database; nobody else begins until the end."""
