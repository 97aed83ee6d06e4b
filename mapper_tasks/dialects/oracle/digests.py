"""The digest of a row: of each value first, because text of SQL holds no more than 4000 bytes."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import func

from mapper_tasks.dialects.oracle.lobs import Short
from mapper_tasks.dialects.oracle.verbatim import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

AT_ONCE = 90  # of 32 hex digits, or up to 41 of a number
_SHA256 = verbatim("'SHA256'")
_NULL = verbatim("'-'")
_END = verbatim("'.'")  # of a number that stands for a LOB, or of none


def digest(values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """32 hex digits; a NULL is a sign that no digest has."""
    parts = [_part(value) for value in values]
    while len(parts) > AT_ONCE:
        groups = [parts[start : start + AT_ONCE] for start in range(0, len(parts), AT_ONCE)]
        parts = [hashed(_joined(group)) for group in groups]
    return hashed(_joined(parts))


def _part(value: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(value, Short):
        return value.concat(_END)
    return func.nvl2(value, hashed(value), _NULL)


def hashed(value: ColumnElement[Any]) -> ColumnElement[str]:
    whole = func.rawtohex(func.standard_hash(value, _SHA256))
    return func.lower(func.substr(whole, verbatim("1"), verbatim("32")))


def _joined(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return reduce(lambda left, right: left.concat(right), parts)
