"""From a SQLAlchemy URL to the Database that speaks its dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from mapper_tasks.dialects.mariadb.faults import MariaDBFaults
from mapper_tasks.dialects.oracle.database import Oracle
from mapper_tasks.dialects.oracle.faults import OracleFaults
from mapper_tasks.dialects.postgresql.database import PostgreSQL
from mapper_tasks.dialects.postgresql.faults import PostgreSQLFaults
from mapper_tasks.dialects.sqlite.database import SQLite
from mapper_tasks.dialects.sqlite.faults import SQLiteFaults
from mapper_tasks.model.errors import UnsupportedDatabase

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL

    from mapper_tasks.dialects.base import Database
    from mapper_tasks.dialects.faults import Faults, Passing


def _mariadb() -> type[Database]:
    try:
        from mapper_tasks.dialects.mariadb.database import MariaDB
    except ModuleNotFoundError as missing:
        raise UnsupportedDatabase(
            f"MariaDB and MySQL are spoken to through {missing.name}, which is not installed",
            mend="pip install mapper-tasks[mariadb]",
        ) from None
    return MariaDB


DIALECTS: dict[str, Callable[[], type[Database]]] = {
    "mariadb": _mariadb,
    "mysql": _mariadb,
    "oracle": lambda: Oracle,
    "postgresql": lambda: PostgreSQL,
    "sqlite": lambda: SQLite,
}
FAULTS: tuple[type[Faults], ...] = (MariaDBFaults, OracleFaults, PostgreSQLFaults, SQLiteFaults)


def open_database(name: str, url: str | URL) -> Database:
    """The database behind `url`, known to people as `name`. Connects to nothing yet.

    Raises UnsupportedDatabase (MAP-4003) without ever showing the URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase(f"connection {name!r}: its URL cannot be read") from None
    kind = DIALECTS.get(parsed.get_backend_name())
    if kind is None:
        known = ", ".join(sorted(DIALECTS))
        raise UnsupportedDatabase(
            f"connection {name!r} is {parsed.get_backend_name()!r}; known are {known}"
        )
    return kind().open(name, parsed)


def passing(fault: BaseException) -> Passing | None:
    """The class of a fault of whatever database, if it passes by itself; None: it is final."""
    known = (kind.passing(fault) for kind in FAULTS)
    return next((one for one in known if one is not None), None)
