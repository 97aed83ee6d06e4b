"""The digest of a row: of each value first, because text of SQL holds no more than 4000 bytes."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import func

from mapper_tasks.dialects.oracle.verbatim import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

AT_ONCE = 100  # of 32 hex digits
_SHA256 = verbatim("'SHA256'")
_NULL = verbatim("'-'")


def digest(values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """32 hex digits; a NULL is a sign that no digest has."""
    parts: list[ColumnElement[Any]] = [func.nvl2(value, hashed(value), _NULL) for value in values]
    while len(parts) > AT_ONCE:
        groups = [parts[start : start + AT_ONCE] for start in range(0, len(parts), AT_ONCE)]
        parts = [hashed(_joined(group)) for group in groups]
    return hashed(_joined(parts))


def hashed(value: ColumnElement[Any]) -> ColumnElement[str]:
    whole = func.rawtohex(func.standard_hash(value, _SHA256))
    return func.lower(func.substr(whole, verbatim("1"), verbatim("32")))


def _joined(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return reduce(lambda left, right: left.concat(right), parts)
