"""The ledger's tables: made, brought up to date, and checked before use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, func, inspect, select
from sqlalchemy.exc import OperationalError

from mapper_tasks.ledger import sqlite
from mapper_tasks.ledger.tables import metadata
from mapper_tasks.model.errors import DatabaseUnreachable, LedgerOutdated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.ledger.transactions import Transactions

REVISION = "0002"  # the newest migration: what this code reads and writes
VERSION_TABLE = "dms_alembic_version"

_version = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32)))


def upgrade(transactions: Transactions) -> str:
    """Bring the tables to REVISION, from nothing or from an older one. Twice is once."""
    if transactions.engine.dialect.name == "sqlite":
        sqlite.use_write_ahead_log(transactions.engine)
    with transactions.writing() as connection:
        _wait_for_other_upgrades(connection)
        _refuse_unknown(revision(connection))
        _migrate(connection)
    return REVISION


def _wait_for_other_upgrades(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock(func.hashtext(VERSION_TABLE))
        connection.execute(select(lock))


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "mapper_tasks.ledger:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def check(transactions: Transactions) -> None:
    """Raise LedgerOutdated (MAP-5001) unless the tables are at REVISION.

    Raises DatabaseUnreachable (MAP-4001) when the database does not answer. A SQLite ledger that
    is still empty is made instead: there is nobody to ask.
    """
    found, empty = _look(transactions)
    if empty and transactions.engine.dialect.name == "sqlite":
        upgrade(transactions)
        return
    _refuse_unknown(found)
    if found is None:
        raise LedgerOutdated("the ledger's database has no tables of mapper yet")
    if found != REVISION:
        raise LedgerOutdated(f"the ledger is at revision {found}; this mapper needs {REVISION}")


def _look(transactions: Transactions) -> tuple[str | None, bool]:
    """The revision found, and whether there is nothing of a ledger at all."""
    try:
        with transactions.reading() as connection:
            found = revision(connection)
            return found, found is None and not _tables(connection)
    except OperationalError as fault:
        words = str(fault.orig).strip().split("\n")[0]  # never the URL
        raise DatabaseUnreachable(
            f"the ledger: {words}",
            mend="check MAPPER_METADATA_URL, the network and the login",
        ) from None


def revision(connection: Connection) -> str | None:
    """The revision the tables are at; None: there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(_version.c.version_num))
    return found


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) & set(metadata.tables)


def _refuse_unknown(found: str | None) -> None:
    if found is not None and found > REVISION:
        raise LedgerOutdated(
            f"the ledger is at revision {found}, newer than this mapper's {REVISION}",
            mend="upgrade mapper on this machine",
        )
