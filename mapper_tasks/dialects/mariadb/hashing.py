"""MariaDB's hash of business keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import collate, func

from mapper_tasks.dialects.hashing import ALL_KINDS, Hashing
from mapper_tasks.dialects.mariadb.expressions import as_bytes, as_text, converted
from mapper_tasks.dialects.mariadb.temporary import ORDER
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape

_MOST_DECIMALS = 30


class MariaDBHashing(Hashing):
    """MD5 of the server, over the bytes of UTF-8."""

    hashable: ClassVar[frozenset[Kind]] = ALL_KINDS

    def key_hash(
        self, keys: Sequence[ColumnElement[Any]], stored: Sequence[ColumnShape]
    ) -> ColumnElement[str]:
        parts = [_counted(_text(key, shape)) for key, shape in zip(keys, stored, strict=True)]
        whole = func.concat(*parts)
        return collate(as_text(func.md5(as_bytes(whole))), ORDER)


def _counted(part: ColumnElement[str]) -> ColumnElement[str]:
    return func.concat(func.char_length(part), ":", part)


def _text(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[str]:
    return as_text(_TEXTS.get(stored.kind, _as_it_is)(key, stored))


def _number(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[Any]:
    # A fraction in an integer column is a row error in whatever slice it lies.
    scale = 0 if stored.kind is Kind.INTEGER else stored.scale
    if scale is None:
        scale = _MOST_DECIMALS
    exact = converted(key, f"DECIMAL(65,{scale})")
    if not scale:
        return exact
    return func.regexp_replace(as_text(exact), "[.]?0+$", "")


def _as_it_is(key: ColumnElement[Any], stored: ColumnShape) -> ColumnElement[Any]:
    return func.rtrim(as_text(key)) if stored.fixed else key


_TEXTS: dict[Kind, Callable[[ColumnElement[Any], ColumnShape], ColumnElement[Any]]] = {
    Kind.INTEGER: _number,
    Kind.NUMERIC: _number,
    Kind.BOOLEAN: lambda key, _: converted(key, "SIGNED"),
    Kind.DATE: lambda key, _: converted(key, "DATE"),
    Kind.TIMESTAMP: lambda key, _: converted(key, "DATETIME(6)"),
    Kind.TIMESTAMPTZ: lambda key, _: converted(key, "DATETIME(6)"),
    Kind.UUID: lambda key, _: func.lower(as_text(key)),
    Kind.BYTES: lambda key, _: func.lower(func.hex(key)),
}
