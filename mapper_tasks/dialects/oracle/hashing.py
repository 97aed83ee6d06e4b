"""Oracle's hash of business keys. Text is hashed in the database's own character set."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import case, func, null, or_

from mapper_tasks.dialects.hashing import Hashing
from mapper_tasks.dialects.oracle import storing, times
from mapper_tasks.dialects.oracle.verbatim import verbatim
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape

_MD5 = verbatim("'MD5'")
_COLON = verbatim("':'")
_DATE = verbatim("'YYYY-MM-DD'")
_MOMENT = verbatim(f"'{times.FORM}.FF6'")


class OracleHashing(Hashing):
    """MD5 by STANDARD_HASH, which needs no grant."""

    hashable: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.INTEGER,
            Kind.NUMERIC,
            Kind.TEXT,
            Kind.DATE,
            Kind.TIMESTAMP,
            Kind.TIMESTAMPTZ,
            Kind.BYTES,
        }
    )

    def key_hash(
        self, keys: Sequence[ColumnElement[Any]], stored: Sequence[ColumnShape]
    ) -> ColumnElement[str]:
        parts = [_counted(_text(key, shape)) for key, shape in zip(keys, stored, strict=True)]
        whole = reduce(lambda left, right: left.concat(right), parts)
        hashed = func.lower(func.rawtohex(func.standard_hash(whole, _MD5)))
        return case((or_(*[key.is_(None) for key in keys]), null()), else_=hashed)


def _counted(part: ColumnElement[str]) -> ColumnElement[str]:
    length = func.to_char(func.nvl(func.length(part), verbatim("0")))
    return length.concat(_COLON).concat(part)


def _text(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[str]:
    match stored.kind:
        case Kind.INTEGER | Kind.NUMERIC:
            # A fraction in an integer column is a row error in whatever slice it lies.
            scale = 0 if stored.kind is Kind.INTEGER else stored.scale
            number = key if scale is None else func.round(key, verbatim(str(scale)))
            return storing.shown_number(number)
        case Kind.DATE:
            return func.to_char(key, _DATE)
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            return func.to_char(key, _MOMENT)
        case Kind.BYTES:
            return func.lower(func.rawtohex(key))
    return func.rtrim(key) if stored.fixed else key
