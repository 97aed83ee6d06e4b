"""PostgreSQL's hash of business keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, Numeric, Text, cast, collate, func

from mapper_tasks.dialects.hashing import ALL_KINDS, Hashing
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape


class PostgreSQLHashing(Hashing):
    """MD5 of the server; it takes the bytes of the database's encoding, which is made UTF-8."""

    hashable: ClassVar[frozenset[Kind]] = ALL_KINDS

    def key_hash(
        self, keys: Sequence[ColumnElement[Any]], stored: Sequence[ColumnShape]
    ) -> ColumnElement[str]:
        parts = [_counted(_text(key, shape)) for key, shape in zip(keys, stored, strict=True)]
        whole = reduce(lambda left, right: left.concat(right), parts)
        return collate(func.md5(func.convert_to(whole, "UTF8")), "C")


def _counted(part: ColumnElement[str]) -> ColumnElement[str]:
    return cast(func.length(part), Text).concat(":").concat(part)


def _text(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[str]:
    return cast(_TEXTS.get(stored.kind, _as_it_is)(key, stored), Text)


def _number(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[Any]:
    # A fraction in an integer column is a row error in whatever slice it lies.
    scale = 0 if stored.kind is Kind.INTEGER else stored.scale
    number = cast(key, Numeric)
    return func.trim_scale(number if scale is None else func.round(number, scale))


def _moment(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[Any]:
    plain = func.timezone("UTC", key) if stored.kind is Kind.TIMESTAMPTZ else key
    return func.to_char(plain, "YYYY-MM-DD HH24:MI:SS.US")


def _as_it_is(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[Any]:
    return func.rtrim(cast(key, Text), " ") if stored.fixed else key


_TEXTS: dict[Kind, Callable[[ColumnElement[Any], ColumnShape], ColumnElement[Any]]] = {
    Kind.INTEGER: _number,
    Kind.NUMERIC: _number,
    Kind.BOOLEAN: lambda key, _: cast(key, Integer),
    Kind.DATE: lambda key, _: cast(key, Date),
    Kind.TIMESTAMP: _moment,
    Kind.TIMESTAMPTZ: _moment,
    Kind.BYTES: lambda key, _: func.encode(key, "hex"),
}
