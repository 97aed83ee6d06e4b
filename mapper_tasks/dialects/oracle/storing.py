"""Values as columns of another type take them: refused by the server rather than changed.

The empty text is NULL to Oracle, wherever it comes from.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func

from mapper_tasks.dialects.oracle import times
from mapper_tasks.dialects.oracle.verbatim import verbatim
from mapper_tasks.model.shape import ColumnShape, Kind

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

TIMES = frozenset({Kind.TIMESTAMP, Kind.TIMESTAMPTZ})
NUMBERS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT})
_FRACTION = verbatim("' has a fraction'")
_ALL_DIGITS = verbatim("'TM9'")  # without a format, those beyond 40 characters are rounded away
# Oracle writes .5 for 0.5.
_NO_ZERO, _ZERO = verbatim(r"'^(-?)\.'"), verbatim(r"'\10.'")


def stored(
    value: ColumnElement[Any], given: ColumnShape, column: ColumnShape
) -> ColumnElement[Any]:
    """`value` of the shape `given` for `column`, whose own type refuses what is too large."""
    if given.sql_type == column.sql_type or given.kind is Kind.OTHER:
        return value
    if given.kind is Kind.TEXT:
        return _of_text(value, given, column)
    if column.kind is Kind.TEXT:
        return as_text(value, given)
    if column.kind in TIMES and given.kind in TIMES:
        return times.converted(value, given.sql_type, column.sql_type)
    if column.kind is Kind.INTEGER and given.kind in (Kind.NUMERIC, Kind.FLOAT):
        return _whole(value)
    return value


def _of_text(
    value: ColumnElement[Any], given: ColumnShape, column: ColumnShape
) -> ColumnElement[Any]:
    if column.kind is Kind.TEXT:
        return value if column.fixed else as_text(value, given)
    short = func.to_char(value) if "CLOB" in given.sql_type else value
    if column.kind in TIMES:
        return times.parsed(short, column.sql_type)
    if column.kind is Kind.BYTES:
        return func.hextoraw(short)
    if column.kind is Kind.INTEGER:
        return _whole(func.to_number(short))
    if column.kind is Kind.FLOAT:
        return func.to_binary_double(short)
    return func.to_number(short) if column.kind is Kind.NUMERIC else short


def _whole(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column would round a fraction away without a word; so it is no number."""
    refused = func.to_number(func.to_char(value).concat(_FRACTION))
    return case((value == func.trunc(value), value), (value.is_(None), value), else_=refused)


def as_text(value: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
    """As every database takes it; padding is no part of a text."""
    if given.kind is Kind.TEXT:
        return unpadded(value) if given.fixed else value
    if given.kind in TIMES:
        return times.shown(value, given)
    if given.kind is Kind.BYTES and given.sql_type != "BLOB":
        return func.rawtohex(value)
    if given.kind is Kind.FLOAT:
        return func.to_char(value)
    return shown_number(value) if given.kind in NUMBERS else value


def digits(number: ColumnElement[Any]) -> ColumnElement[str]:
    """A decimal number as text, whole; what reads it is Oracle."""
    return func.to_char(number, _ALL_DIGITS)


def shown_number(number: ColumnElement[Any]) -> ColumnElement[str]:
    """A decimal number as other databases show it."""
    return func.regexp_replace(digits(number), _NO_ZERO, _ZERO)


def unpadded(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Text that is all blanks keeps one: without any it would be NULL."""
    first = func.substr(value, verbatim("1"), verbatim("1"))
    return func.nvl(func.rtrim(value), first)


def bindable(value: Any) -> Any:
    """A Python value as the driver sends it whole: it has no booleans for 19c, nor fractions."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return times.as_text(value)
    return value
