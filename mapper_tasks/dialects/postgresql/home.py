"""PostgreSQL as the ledger's home: DDL is part of its transaction, and so is the lock of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import func, select

from mapper_tasks.dialects.home import UPGRADE, Home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


class PostgreSQLHome(Home):
    """A ledger on a PostgreSQL server."""

    looks: ClassVar[Mapping[str, Any]] = {"isolation_level": "READ COMMITTED"}
    decides: ClassVar[Mapping[str, Any]] = looks

    def wait_for_other_upgrades(self, connection: Connection) -> None:
        lock = func.pg_advisory_xact_lock(func.hashtext(UPGRADE))
        connection.execute(select(lock))
