"""SQLite's hash of business keys: a function of Python, whatever a column holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import func, literal

from mapper_tasks.dialects.hashing import ALL_KINDS, Hashing
from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape

EXACT = Context(prec=1500)


class SQLiteHashing(Hashing):
    """Keys go to the function with the word that says how each is shown."""

    hashable: ClassVar[frozenset[Kind]] = ALL_KINDS

    def key_hash(
        self, keys: Sequence[ColumnElement[Any]], stored: Sequence[ColumnShape]
    ) -> ColumnElement[str]:
        words = ",".join(_word(shape) for shape in stored)
        return func.mapper_key_hash(literal(words), *keys)


def install(connection: sqlite3.Connection) -> None:
    connection.create_function("mapper_key_hash", -1, key_hash, deterministic=True)


def _word(stored: ColumnShape) -> str:
    if stored.kind is Kind.INTEGER:
        return "number:0"
    if stored.kind is Kind.NUMERIC:
        return "number:" if stored.scale is None else f"number:{stored.scale}"
    return "padded" if stored.kind is Kind.TEXT and stored.fixed else str(stored.kind)


def key_hash(words: str, *parts: object) -> str | None:
    """The MD5 over the parts, each shown as its word says.

    >>> key_hash("number:0", 7) == key_hash("number:0", 7.0) == hashlib.md5(b"1:7").hexdigest()
    True
    """
    if None in parts:
        return None
    shown = [_shown(word, part) for word, part in zip(words.split(","), parts, strict=True)]
    whole = "".join(f"{len(text)}:{text}" for text in shown)
    data = whole.encode("utf-8", "surrogatepass")
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _shown(word: str, part: object) -> str:
    """What is not what it should be is shown as it is: its row is an error wherever it lies."""
    name, _, scale = word.partition(":")
    with suppress(ValueError, ArithmeticError, TypeError, AttributeError):
        if name == "number":
            return _number(part, scale)
        return _SHOWN.get(name, _text)(part)
    return _text(part)


def _number(part: Any, scale: str) -> str:
    number = Decimal(repr(part) if isinstance(part, float) else part)
    if scale:
        step = Decimal(1).scaleb(-int(scale))
        number = number.quantize(step, rounding=ROUND_HALF_UP, context=EXACT)
    shown = f"{number:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def _text(part: object) -> str:
    return part.hex() if isinstance(part, bytes) else str(part)


def _bytes(part: Any) -> str:
    return (part.encode() if isinstance(part, str) else bytes(part)).hex()


def _date(part: Any) -> str:
    return date.fromisoformat(part[:10]).isoformat()


def _moment(part: Any) -> str:
    moment = datetime.fromisoformat(part.strip())
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(sep=" ", timespec="microseconds")


_SHOWN: dict[str, Callable[[Any], str]] = {
    "padded": lambda part: _text(part).rstrip(" "),
    str(Kind.BOOLEAN): lambda part: str(int(part)),
    str(Kind.DATE): _date,
    str(Kind.TIMESTAMP): _moment,
    str(Kind.TIMESTAMPTZ): _moment,
    str(Kind.UUID): lambda part: str(UUID(part)),
    str(Kind.BYTES): _bytes,
}
