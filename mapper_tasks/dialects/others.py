"""How a database lives with others: whoever waits for its locks, or asks it to leave off."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, FromClause

HASTE_SECONDS = 1


class Others(ABC):
    """What concerns more than the one transaction at hand.

    Most databases show a writing transaction one moment, and refuse its write of a row that another
    has changed since. Where it `sees_others`, its statements see what is committed by then.
    """

    sees_others: ClassVar[bool] = False

    def hold(  # noqa: B027 - only for those that see others
        self, connection: Connection, rows: FromClause
    ) -> None:
        """Have others wait until the transaction ends before they change these rows."""

    def take_over(  # noqa: B027 - most databases do not tell who holds what
        self, connection: Connection, work: str, ask: Callable[[], None]
    ) -> None:
        """This transaction does the work named so; another that does it still is ended.

        Whoever had the work before may be frozen, and would keep its locks for as long. `ask` asks
        anew who has the work, and raises where that is a third: nobody ends who came after.
        """

    @abstractmethod
    def cancel(self, connection: Connection) -> None:
        """Make the statement that runs on the connection fail; without one nothing happens.

        Called from another thread than the one that waits for the statement. Raises nothing.
        """

    @abstractmethod
    @contextmanager
    def hasty(self) -> Iterator[Connection]:
        """A small writing transaction that fails rather than wait a second for another's lock."""

    @abstractmethod
    def clock(self, connection: Connection) -> datetime:
        """The time of the database's own clock, aware: those of several machines are compared."""

    def tag(  # noqa: B027 - most databases have no place for it
        self, connection: Connection, run: str, part: str
    ) -> None:
        """Show whoever watches the database which run and chunk the connection works for."""

    @property
    def file(self) -> Path | None:
        """The file that only one transaction at a time can write to; None: there is none."""
        return None
