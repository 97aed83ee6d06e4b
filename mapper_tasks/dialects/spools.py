"""A table that lives as long as a run: made, made ready to be read by key, and dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from mapper_tasks.model.shape import ColumnShape


class Spools:
    """The spooling side of a Database, as a target."""

    makes_tables_in_transactions: ClassVar[bool] = False
    """Whether a table and its rows can be there together or not at all, which a spool must be."""

    def make_spool(self, connection: Connection, name: str, columns: Sequence[ColumnShape]) -> None:
        """The empty table; its text has the order that the target's columns have.

        It has to outlive a crash of the server: an empty spool would be an empty source.
        """
        quote = connection.dialect.identifier_preparer.quote
        parts = [
            f"{quote(one.name)} {one.sql_type}"
            + (f" COLLATE {quote(one.collation)}" if one.collation else "")
            for one in columns
        ]
        connection.exec_driver_sql(f"CREATE TABLE {quote(name)} ({', '.join(parts)})")

    def settle_spool(self, connection: Connection, name: str, keys: Sequence[str]) -> None:
        """The table is filled: have its rows found by key, in the key's order."""
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(
            f"CREATE INDEX {quote(f'{name}_key')} ON {quote(name)} "
            f"({', '.join(quote(key) for key in keys)})"
        )

    def drop_spool(self, connection: Connection, name: str) -> None:
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)}")
