"""Making a target table on SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.dialects.tables import TableDesign, Tables, statements

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.model.shape import ColumnShape


class SQLiteTables(Tables):
    """A schema is an attached file; text is in binary order unless somebody says otherwise."""

    strict_types: ClassVar[bool] = False
    makes_tables_in_transactions: ClassVar[bool] = True
    surrogate_key_type: ClassVar[str] = "INTEGER PRIMARY KEY AUTOINCREMENT"

    def create_table(self, connection: Connection, design: TableDesign) -> None:
        quote = connection.dialect.identifier_preparer.quote
        place = f"{quote(design.table.schema)}." if design.table.schema else ""
        for statement in statements(design, connection, index_schema=place):
            connection.exec_driver_sql(statement)

    def binary_order(self, column: ColumnShape) -> ColumnShape:
        return column
