"""Times as Oracle keeps them, carried as text in one form: a datetime would lose its fraction.

Oracle's DATE is a time of seconds. A session is in UTC, and its formats are these.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import cast, func
from sqlalchemy.dialects import oracle

from mapper_tasks.dialects.base import Spelled
from mapper_tasks.dialects.oracle.verbatim import verbatim

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape

FORM = "YYYY-MM-DD HH24:MI:SS"
_READ = verbatim(f"'{FORM}.FF'")
_SHOWN = f"S{FORM}"  # a year BC has its sign, and any other a blank
_UTC = verbatim("'+00:00'")
_FRACTION = re.compile(r"\((\d)\)")
_TYPES = {"DATE": oracle.DATE(), "TIMESTAMP": oracle.TIMESTAMP()}


def is_date(sql_type: str) -> bool:
    return sql_type.upper() == "DATE"


def is_zoned(sql_type: str) -> bool:
    return "TIME ZONE" in sql_type.upper()


def as_text(value: date) -> str:
    """A time in the form of FORM, with a fraction, in UTC; one without a zone is in UTC.

    >>> as_text(date(2024, 5, 6))
    '2024-05-06 00:00:00.000000'
    """
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    plain = value.astimezone(UTC) if value.tzinfo else value
    return plain.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def plain_text(value: date) -> str:
    """A time as every database shows it: a fraction only where it is not 0, a date as one.

    >>> plain_text(date(2024, 5, 6)), plain_text(datetime(2024, 5, 6, 7))
    ('2024-05-06', '2024-05-06 07:00:00')
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    return as_text(value).removesuffix(".000000")


def parsed(text: ColumnElement[Any], sql_type: str) -> ColumnElement[Any]:
    """Text in the form of FORM, with a fraction as a column of `sql_type` takes it."""
    time = func.to_timestamp(text, _READ)
    return converted(time, "TIMESTAMP", sql_type)


def converted(time: ColumnElement[Any], given: str, stored: str) -> ColumnElement[Any]:
    """A time of one type as another; one without a zone is in UTC."""
    if is_zoned(stored):
        if is_zoned(given):
            return time
        stamp = _cast(time, "TIMESTAMP") if is_date(given) else time
        return func.from_tz(stamp, _UTC)
    plain = func.sys_extract_utc(time) if is_zoned(given) else time
    if is_date(stored):
        return plain if is_date(given) else _cast(plain, "DATE")
    return _cast(plain, "TIMESTAMP") if is_date(given) else plain


def kept_by(time: ColumnElement[Any], given: str, stored: str) -> ColumnElement[Any]:
    """A TIMESTAMP that was `given`, with no finer fraction than a column of type `stored` keeps."""
    digits = fraction_digits(stored)
    if digits >= fraction_digits(given):
        return time
    if is_date(stored):
        return _cast(_cast(time, "DATE"), "TIMESTAMP")
    return cast(time, Spelled(f"TIMESTAMP({digits})"))


def fraction_digits(sql_type: str) -> int:
    """Of a second, as a column keeps it.

    >>> [fraction_digits(one) for one in ("DATE", "TIMESTAMP", "TIMESTAMP(3) WITH TIME ZONE")]
    [0, 6, 3]
    """
    found = _FRACTION.search(sql_type)
    return int(found[1]) if found else 6 * (not is_date(sql_type))


def shown(time: ColumnElement[Any], given: ColumnShape) -> ColumnElement[Any]:
    """ISO text in UTC; its fraction is there when it is not 0. A year BC has its sign."""
    if is_date(given.sql_type):
        return func.ltrim(func.to_char(time, verbatim(f"'{_SHOWN}'")))
    digits = 9 if "9" in given.sql_type else 6
    plain = func.sys_extract_utc(time) if is_zoned(given.sql_type) else time
    form = verbatim(f"'{_SHOWN}.FF{digits}'")
    none = verbatim(f"'.{'0' * digits}'")
    return func.replace(func.ltrim(func.to_char(plain, form)), none)


def _cast(value: ColumnElement[Any], sql_type: str) -> ColumnElement[Any]:
    return cast(value, _TYPES[sql_type])
