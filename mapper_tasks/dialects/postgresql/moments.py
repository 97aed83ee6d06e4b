"""PostgreSQL's moments: a transaction exports its snapshot, and others take it up."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, ClassVar

from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects.faults import Faults
from mapper_tasks.dialects.moments import KeptMoment, Moments
from mapper_tasks.dialects.postgresql.copying import driver_of
from mapper_tasks.model.errors import MomentGone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

# The keeper's transaction is idle for as long as the run lasts: no time limit may end it.
UNLIMITED = text(
    "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN "
    "('idle_in_transaction_session_timeout', 'transaction_timeout', 'statement_timeout')"
)


class PostgreSQLMoments(Moments, Faults):
    """A snapshot lives as long as the transaction that exported it."""

    shares_moments: ClassVar[bool] = True
    name: str

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]: ...

    @contextmanager
    def keeping_moment(self) -> Iterator[KeptMoment]:
        with self.reading() as keeper:
            keeper.execute(UNLIMITED)
            token = keeper.scalar(text("SELECT pg_export_snapshot()"))
            yield KeptMoment(str(token), lambda: _look(keeper))

    @contextmanager
    def reading_at(self, moment: str) -> Iterator[Connection]:
        with self.reading() as reader:
            statement = sql.SQL("SET TRANSACTION SNAPSHOT {}").format(moment)
            try:
                reader.exec_driver_sql(statement.as_string(driver_of(reader)))
            except DBAPIError as fault:
                if self.is_passing(fault):
                    raise
                raise MomentGone(
                    f"connection {self.name!r}: nobody keeps the moment that this run reads"
                ) from fault
            yield reader


def _look(keeper: Connection) -> None:
    keeper.execute(text("SELECT 1"))
