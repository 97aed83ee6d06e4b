"""The ledger's transactions: short, and tried again when another's got in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random

from mapper_tasks.dialects.faults import Passing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database

UNDONE = (Passing.DEADLOCK, Passing.SERIALIZATION)  # nothing of it stayed
ATTEMPTS = 6
LONGEST_PAUSE = 0.1  # seconds; who deadlocked with us is done by then

P = ParamSpec("P")
T = TypeVar("T")


class Transactions:
    """One transaction a call, on the ledger's database.

    A transaction that the database gave up for another's sake, as in a deadlock, is tried again:
    nothing of it stayed. Everything else is raised; after a lost connection nobody knows.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._again = Retrying(
            retry=retry_if_exception(lambda fault: database.passing(fault) in UNDONE),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random(0, LONGEST_PAUSE),
            reraise=True,
        )

    def read(
        self, ask: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self.database.looking() as connection:
            return ask(connection, *args, **kwargs)

    def write(
        self, do: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Committed when it returns; rolled back when it raises."""
        answer: T = self._again(self._write_once, do, *args, **kwargs)
        return answer

    def _write_once(
        self, do: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self.database.deciding() as connection:
            return do(connection, *args, **kwargs)
