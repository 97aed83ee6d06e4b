"""Making a target table on MariaDB."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import text

from mapper_tasks.dialects.mariadb.sessions import quoted
from mapper_tasks.dialects.mariadb.temporary import ORDER as BINARY_ORDER
from mapper_tasks.dialects.tables import TableDesign, Tables
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from mapper_tasks.dialects.tables import IndexDesign
    from mapper_tasks.model.shape import ColumnShape

__all__ = ["BINARY_ORDER", "MariaDBTables"]

KEY_CHARACTERS = 255  # of a key whose source says no length: an index takes no endless text
ONLY_CURRENT = "mp_current"


class MariaDBTables(Tables):
    """A schema is a database; the unique current version stands on a generated column."""

    strict_types: ClassVar[bool] = True
    surrogate_key_type: ClassVar[str] = "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"

    def create_table(self, connection: Connection, design: TableDesign) -> None:
        """In one statement, which the server does wholly or not at all; it commits by itself."""
        schema = design.table.schema
        if schema and not _has_schema(connection, schema):
            connection.exec_driver_sql(f"CREATE DATABASE IF NOT EXISTS {quoted(schema)}")
        where = f"{quoted(schema)}." if schema else ""
        parts = [*_columns(design), *_indexes(design)]
        ddl = (
            f"CREATE TABLE IF NOT EXISTS {where}{quoted(design.table.name)} ({', '.join(parts)}) "
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        )
        connection.exec_driver_sql(ddl.replace("%", "%%"))

    def binary_order(self, column: ColumnShape) -> ColumnShape:
        length = column.length or KEY_CHARACTERS
        spelled = column.sql_type if column.length else f"varchar({length})"
        return replace(column, collation=BINARY_ORDER, length=length, sql_type=spelled)


def _has_schema(connection: Connection, name: str) -> bool:
    """Asked first: CREATE DATABASE needs a right that a loader may not have."""
    found = text("SELECT 1 FROM information_schema.schemata WHERE schema_name = :name")
    return connection.execute(found, {"name": name}).first() is not None


def _columns(design: TableDesign) -> Iterator[str]:
    for column in design.table.columns:
        name = quoted(column.name)
        if column.name == design.surrogate_key:
            yield f"{name} {column.sql_type}"
            continue
        bare = column.sql_type.partition(" CHARACTER SET ")[0] if column.collation else ""
        ordered = column.collation == BINARY_ORDER
        spelled = (
            f"{bare} CHARACTER SET utf8mb4 COLLATE {BINARY_ORDER}" if ordered else (column.sql_type)
        )
        yield f"{name} {spelled} {'NULL' if column.nullable else 'NOT NULL'}"
    for flag in {index.current for index in design.indexes if index.current}:
        # NULLs do not collide in a unique index: only current versions have a value here.
        yield (
            f"{quoted(ONLY_CURRENT)} tinyint GENERATED ALWAYS AS "
            f"(CASE WHEN {quoted(flag)} = 'Y' THEN 1 END) STORED INVISIBLE"
        )


def _indexes(design: TableDesign) -> Iterator[str]:
    types = design.table.by_name
    for index in design.indexes:
        columns = [*index.columns, *([ONLY_CURRENT] if index.current else [])]
        unique = "UNIQUE " if index.unique else ""
        yield (
            f"{unique}INDEX {quoted(_name(design, index))} "
            f"({', '.join(_part(name, types.get(name)) for name in columns)})"
        )


def _name(design: TableDesign, index: IndexDesign) -> str:
    return design.index_name(index)


def _part(name: str, column: ColumnShape | None) -> str:
    endless = column is not None and column.kind is Kind.BYTES
    return f"{quoted(name)}({KEY_CHARACTERS})" if endless else quoted(name)
