"""Another SQLite file attached to the target's connection, read-only, for one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable

SOURCE = "mp_source"


def file_of(connection: Connection) -> Path | None:
    """The file behind a connection; None: its database is in memory."""
    path = connection.execute(
        text("SELECT file FROM pragma_database_list WHERE name = 'main'")
    ).scalar_one()
    return Path(path) if path else None


def attach(connection: Connection, file: Path) -> None:
    known = connection.execute(text("SELECT name FROM pragma_database_list")).scalars()
    if SOURCE not in known:
        where = {"file": f"{file.resolve().as_uri()}?mode=ro"}
        connection.execute(text(f"ATTACH :file AS {SOURCE}"), where)


def let_go(connection: sqlite3.Connection | None, _record: Any) -> None:
    """Detach when the connection goes back to its pool: within the transaction it is locked."""
    if connection is None:
        return
    names = [row[1] for row in connection.execute("PRAGMA database_list")]
    if SOURCE in names:
        connection.execute(f"DETACH {SOURCE}")


def reads_only_source(connection: Connection, rows: Executable) -> bool:
    """Whether every table that the query reads is the attached file's, by SQLite's own account.

    A name that the target's file has too would be found there first.
    """
    seen: list[tuple[str, str | None]] = []

    def witness(action: int, first: str | None, _2: Any, place: str | None, _4: Any) -> int:
        if action == sqlite3.SQLITE_READ and first is not None:
            seen.append((first, place))
        return sqlite3.SQLITE_OK

    driver: Any = connection.connection.driver_connection
    compiled: Any = rows.compile(  # type: ignore[attr-defined]
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    driver.set_authorizer(witness)
    try:
        driver.execute(f"EXPLAIN {compiled.string}", values).close()
    except sqlite3.Error:
        return False  # what the file itself cannot answer is answered by its own connection
    finally:
        driver.set_authorizer(None)
    return all(_is_source(connection, name, place) for name, place in seen)


def _is_source(connection: Connection, name: str, place: str | None) -> bool:
    # SQLite names no database when only the rows of a table are counted, and none for subqueries.
    if place is not None:
        return place == SOURCE
    found = connection.execute(
        text(
            "SELECT count(*) FROM (SELECT name FROM main.sqlite_master "
            "UNION ALL SELECT name FROM temp.sqlite_master) WHERE lower(name) = lower(:name)"
        ),
        {"name": name},
    ).scalar_one()
    return not found
