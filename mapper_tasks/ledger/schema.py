"""The ledger's tables: made, brought up to date, and checked before use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, inspect, select
from sqlalchemy.exc import OperationalError

from mapper_tasks.ledger.tables import metadata
from mapper_tasks.model.errors import DatabaseUnreachable, LedgerOutdated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database

REVISION = "0005"  # the newest migration: what this code reads and writes
VERSION_TABLE = "dms_alembic_version"

_version = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32)))


def upgrade(database: Database) -> str:
    """Bring the tables to REVISION, from nothing or from an older one. Twice is once."""
    with database.upgrading() as connection:
        _refuse_unknown(revision(connection))
        _migrate(connection)
    return REVISION


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "mapper_tasks.ledger:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def check(database: Database) -> None:
    """Raise LedgerOutdated (MAP-5001) unless the tables are at REVISION.

    Raises DatabaseUnreachable (MAP-4001) when the database does not answer. An empty ledger that
    sets itself up is made instead.
    """
    found, empty = _look(database)
    if empty and database.sets_itself_up:
        upgrade(database)
        return
    _refuse_unknown(found)
    if found is None:
        raise LedgerOutdated("the ledger's database has no tables of mapper yet")
    if found != REVISION:
        raise LedgerOutdated(f"the ledger is at revision {found}; this mapper needs {REVISION}")


def _look(database: Database) -> tuple[str | None, bool]:
    """The revision found, and whether there is nothing of a ledger at all."""
    try:
        with database.looking() as connection:
            found = revision(connection)
            return found, found is None and not _tables(connection)
    except OperationalError as fault:
        raise DatabaseUnreachable(
            f"the ledger: {database.message(fault)}",
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
