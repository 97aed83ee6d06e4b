"""What a query gives, from the description that comes with its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymysql.constants import FIELD_TYPE, FLAG
from sqlalchemy import Executable
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from mapper_tasks.dialects.mariadb.sessions import quoted
from mapper_tasks.dialects.mariadb.shapes import kind_of
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select
    from sqlalchemy.sql.compiler import SQLCompiler

BINARY = 63  # the character set of bytes
CHARACTER_BYTES = 4  # at most, in the character set that results come in
UNDECIDED = ""

_WHOLE = {
    FIELD_TYPE.TINY: "tinyint",
    FIELD_TYPE.SHORT: "smallint",
    FIELD_TYPE.INT24: "mediumint",
    FIELD_TYPE.LONG: "integer",
    FIELD_TYPE.LONGLONG: "bigint",
}
_PLAIN = {
    FIELD_TYPE.FLOAT: "float",
    FIELD_TYPE.DOUBLE: "double",
    FIELD_TYPE.DATE: "date",
    FIELD_TYPE.NEWDATE: "date",
    FIELD_TYPE.YEAR: "year",
    FIELD_TYPE.JSON: "json",
}
_TIMES = {
    FIELD_TYPE.TIME: "time",
    FIELD_TYPE.DATETIME: "datetime",
    FIELD_TYPE.TIMESTAMP: "timestamp",
}
_STRINGS = frozenset({FIELD_TYPE.VAR_STRING, FIELD_TYPE.VARCHAR, FIELD_TYPE.STRING})
_BLOBS = frozenset(
    {FIELD_TYPE.TINY_BLOB, FIELD_TYPE.BLOB, FIELD_TYPE.MEDIUM_BLOB, FIELD_TYPE.LONG_BLOB}
)
_LARGE = ((255, "tiny"), (65_535, ""), (16_777_215, "medium"))
_LONGEST_VARCHAR = 16_383
_MOST_DECIMALS = 6
_UUID_BYTES = 36 * CHARACTER_BYTES


class CollationsOf(Executable, ClauseElement):
    """One row with the collation of each of these columns of a query, which is not run."""

    inherit_cache = False

    def __init__(self, query: Select[Any], names: Sequence[str]) -> None:
        self.query = query
        self.names = names


@compiles(CollationsOf, "mariadb", "mysql")
def _collations(element: CollationsOf, compiler: SQLCompiler, **options: Any) -> str:
    asked = ", ".join(
        f"COLLATION(d.{quoted(name).replace('%', '%%')}) AS c{place}"
        for place, name in enumerate(element.names)
    )
    query = compiler.process(element.query.limit(0), **options)
    compiler._result_columns.clear()  # noqa: SLF001 - what comes back are not the query's columns
    return f"SELECT {asked} FROM (SELECT 1) AS mp_one LEFT JOIN ({query}) AS d ON 1 = 1"


def columns_of(connection: Connection, query: Select[Any]) -> tuple[ColumnShape, ...]:
    result = connection.execute(query.limit(0))
    cursor: Any = result.cursor
    fields = cursor._result.fields  # noqa: SLF001 - the standard description leaves out the flags
    result.close()
    texts = [field.name for field in fields if _is_text(field)]
    orders: dict[str, str | None] = {}
    if texts:
        orders = dict(zip(texts, connection.execute(CollationsOf(query, texts)).one(), strict=True))
    return tuple(_shape(field, orders.get(field.name)) for field in fields)


def _is_text(field: Any) -> bool:
    return field.type_code in _STRINGS | _BLOBS and field.charsetnr != BINARY


def _shape(field: Any, collation: str | None) -> ColumnShape:
    spelled = _spelled(field)
    kind = kind_of(spelled.partition("(")[0].split(" ")[0], spelled)
    is_text = kind is Kind.TEXT
    characters = field.length // CHARACTER_BYTES
    numeric = kind is Kind.NUMERIC
    return ColumnShape(
        name=field.name,
        kind=kind,
        sql_type=spelled,
        length=characters if is_text and "char" in spelled else None,
        precision=_digits(field) if numeric else None,
        scale=field.scale if numeric else None,
        collation=(collation or UNDECIDED) if is_text else None,
        fixed=spelled.startswith("char"),
    )


def _spelled(field: Any) -> str:  # noqa: PLR0911 - one case a type
    code = field.type_code
    unsigned = " unsigned" if field.flags & FLAG.UNSIGNED else ""
    if code in _WHOLE:
        is_flag = code == FIELD_TYPE.TINY and field.length == 1
        return "tinyint(1)" if is_flag else _WHOLE[code] + unsigned
    if code in _PLAIN:
        return _PLAIN[code]
    if code in _TIMES:
        return f"{_TIMES[code]}({min(field.scale, _MOST_DECIMALS)})"
    if code in (FIELD_TYPE.NEWDECIMAL, FIELD_TYPE.DECIMAL):
        return f"decimal({_digits(field)},{field.scale})"
    if code == FIELD_TYPE.BIT:
        return f"bit({field.length})"
    if code == FIELD_TYPE.NULL:
        return "varchar(1)"
    if code in _STRINGS:
        return _string(field)
    if code in _BLOBS:
        return _large(field)
    return "geometry" if code == FIELD_TYPE.GEOMETRY else "longtext"


def _digits(field: Any) -> int:
    """The width of a decimal without its point and sign."""
    signed = not field.flags & FLAG.UNSIGNED
    return max(int(field.length) - int(signed) - int(field.scale > 0), 1)


def _string(field: Any) -> str:
    if field.length == _UUID_BYTES and field.flags & FLAG.UNSIGNED:  # no text is unsigned
        return "uuid"
    if field.charsetnr == BINARY:
        fixed = field.type_code == FIELD_TYPE.STRING
        return f"{'binary' if fixed else 'varbinary'}({field.length})"
    length = max(field.length // CHARACTER_BYTES, 1)
    if length > _LONGEST_VARCHAR:
        return "longtext"
    chosen = field.flags & (FLAG.ENUM | FLAG.SET | FLAG.BINARY)
    fixed = field.type_code == FIELD_TYPE.STRING and not chosen
    return f"{'char' if fixed else 'varchar'}({length})"


def _large(field: Any) -> str:
    word = "blob" if field.charsetnr == BINARY else "text"
    size = field.length if word == "blob" else field.length // CHARACTER_BYTES
    if field.length >= 2**32 - 1:
        return f"long{word}"
    return next((f"{prefix}{word}" for most, prefix in _LARGE if size <= most), f"long{word}")
