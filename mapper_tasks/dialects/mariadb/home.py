"""MariaDB as the ledger's home: DDL commits by itself, so the lock of upgrades is the session's."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.dialects.home import UPGRADE, Home
from mapper_tasks.model.errors import DatabaseUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

PATIENCE_SECONDS = 600  # of one upgrade with another
# Such a lock is the whole server's, whatever database one is in.
_LOCK = func.sha1(func.concat(func.database(), ".", UPGRADE))


class MariaDBHome(Home):
    """A ledger on a MariaDB server, whose sessions here are READ COMMITTED."""

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            self.wait_for_other_upgrades(connection)
            try:
                yield connection
                connection.commit()
            finally:
                with suppress(SQLAlchemyError):  # a session that is lost has lost its lock too
                    connection.rollback()
                    connection.execute(select(func.release_lock(_LOCK)))

    def wait_for_other_upgrades(self, connection: Connection) -> None:
        if connection.scalar(select(func.get_lock(_LOCK, PATIENCE_SECONDS))) != 1:
            raise DatabaseUnreachable(
                f"another upgrade of the ledger has not ended for {PATIENCE_SECONDS} seconds",
                mend="end that session, then run `mapper init` again",
            )
