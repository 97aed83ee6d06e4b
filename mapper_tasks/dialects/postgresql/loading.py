"""Values that PostgreSQL has and Python has not come as text, and cost nobody a chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import adapt, pq

if TYPE_CHECKING:
    from psycopg.abc import AdaptContext, Buffer

# Python's years are 1 to 9999, and its day ends before 24:00.
OUTREACHING = ("date", "timestamp", "timestamptz", "time", "timetz")


def install(connection: psycopg.Connection[Any]) -> None:
    """Let `infinity`, years before Christ and the like be read, as their text."""
    adapters = connection.adapters
    for name in OUTREACHING:
        oid = adapters.types[name].oid
        usual = adapters.get_loader(oid, pq.Format.TEXT)
        if usual is not None:
            adapters.register_loader(oid, _or_text(usual))


def _or_text(usual: type[Any]) -> type[adapt.Loader]:
    class OrText(adapt.Loader):
        """The usual Python value, or the database's text for it."""

        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> Any:
            try:
                return self._usual.load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return OrText
