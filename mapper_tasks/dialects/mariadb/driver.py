"""The driver's own connection beneath SQLAlchemy's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pymysql
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def driver_of(connection: Connection) -> pymysql.Connection[Any]:
    driver: Any = connection.connection.driver_connection
    return driver  # type: ignore[no-any-return]


@contextmanager
def as_sqlalchemy(driver: pymysql.Connection[Any]) -> Iterator[None]:
    """Faults of the bare driver in the wrapping that everything else raises."""
    try:
        yield
    except pymysql.MySQLError as fault:
        raise DBAPIError(None, None, fault, connection_invalidated=not driver.open) from fault
