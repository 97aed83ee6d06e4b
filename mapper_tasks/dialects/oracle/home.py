"""Oracle as the ledger's home: DDL commits by itself, so another session keeps others out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mapper_tasks.dialects.home import Home
from mapper_tasks.dialects.oracle.tables import unless_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

GUARD = "dms_upgrade_guard"
CREATE_GUARD = f"CREATE TABLE {GUARD} (nothing NUMBER(1))"
TAKE_GUARD = f"LOCK TABLE {GUARD} IN EXCLUSIVE MODE"


class OracleHome(Home):
    """Every session is in READ COMMITTED from its beginning: there is nothing to set."""

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        with self.engine.connect() as guard, self.deciding() as connection:
            self.wait_for_other_upgrades(guard)
            yield connection

    def wait_for_other_upgrades(self, connection: Connection) -> None:
        """Hold the guard table, which needs no grant, in a transaction without DDL."""
        connection.exec_driver_sql(unless_there(CREATE_GUARD))
        connection.exec_driver_sql(TAKE_GUARD)
