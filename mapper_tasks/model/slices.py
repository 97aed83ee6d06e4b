"""Slices: half-open parts of the business-key space, and the values that bound them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

KeyValue: TypeAlias = (
    int | float | str | bool | bytes | Decimal | date | time | datetime | UUID | timedelta
)
Key: TypeAlias = tuple[KeyValue, ...]

HASHES = 2**32  # that eight hex digits can tell apart


@dataclass(frozen=True, slots=True)
class Slice:
    """Keys with `low <= key < high`, compared as tuples in the order of the business key.

    None is unbounded on that side. Only the first slice of a plan (`with_nulls`) also takes the
    rows that have a NULL in their key: they belong to no range, and must not vanish.
    `hashed`: the bounds are one text each, and lie around the key's hash in place of the key.
    `keys`: just these, without bounds.

    >>> Slice(low=(10,), high=(20,)).as_json()
    {'low': [['int', '10']], 'high': [['int', '20']], 'with_nulls': False}
    """

    low: Key | None = None
    high: Key | None = None
    with_nulls: bool = False
    hashed: bool = False
    keys: tuple[Key, ...] | None = None

    @property
    def everything(self) -> bool:
        return self.low is None and self.high is None and self.keys is None

    def as_json(self) -> dict[str, Any]:
        kind: dict[str, Any] = {"hashed": True} if self.hashed else {}
        if self.keys is not None:
            kind["keys"] = [encode_key(key) for key in self.keys]
        return {
            "low": encode_key(self.low),
            "high": encode_key(self.high),
            "with_nulls": self.with_nulls,
            **kind,
        }

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Slice:
        low, high = decode_key(data["low"]), decode_key(data["high"])
        keys = None if "keys" not in data else tuple(map(_decoded, data["keys"]))
        return cls(low, high, data["with_nulls"], data.get("hashed", False), keys)


def slices_between(bounds: Sequence[Key], *, hashed: bool = False) -> list[Slice]:
    """The slices that n ascending inner bounds make: n + 1 of them, covering every key.

    >>> [(s.low, s.high, s.with_nulls) for s in slices_between([(10,), (20,)])]
    [(None, (10,), True), ((10,), (20,), False), ((20,), None, False)]
    """
    lows: list[Key | None] = [None, *bounds]
    highs: list[Key | None] = [*bounds, None]
    return [
        Slice(low, high, with_nulls=low is None, hashed=hashed)
        for low, high in zip(lows, highs, strict=True)
    ]


def slices_of_hash(count: int) -> list[Slice]:
    """Equal parts of the space of hashes, whose first eight hex digits bound them.

    >>> [(s.low, s.high) for s in slices_of_hash(3)]
    [(None, ('55555555',)), (('55555555',), ('aaaaaaaa',)), (('aaaaaaaa',), None)]
    """
    bounds = [(f"{place * HASHES // count:08x}",) for place in range(1, count)]
    return slices_between(bounds, hashed=True)


# In this order: a bool is an int to Python, and a datetime is a date.
_ENCODE: tuple[tuple[type, str, Callable[[Any], str]], ...] = (
    (bool, "bool", lambda value: "true" if value else "false"),
    (int, "int", str),
    (float, "float", float.hex),
    (str, "str", str),
    (bytes, "bytes", bytes.hex),
    (Decimal, "decimal", str),
    (datetime, "datetime", datetime.isoformat),
    (date, "date", date.isoformat),
    (time, "time", time.isoformat),
    (UUID, "uuid", str),
    (timedelta, "interval", lambda value: str(value // timedelta(microseconds=1))),
)

_DECODE: dict[str, Any] = {
    "int": int,
    "float": float.fromhex,
    "str": str,
    "bool": lambda text: text == "true",
    "bytes": bytes.fromhex,
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "uuid": UUID,
    "interval": lambda text: timedelta(microseconds=int(text)),
}


def encode_value(value: KeyValue) -> list[str]:
    """A value as [type word, text], exact and readable, for the ledger's JSON."""
    for kind, word, text_of in _ENCODE:
        if isinstance(value, kind):
            return [word, text_of(value)]
    raise TypeError(f"a key of type {type(value).__name__} has no exact text")


def decode_value(pair: list[str]) -> KeyValue:
    word, text = pair
    value: KeyValue = _DECODE[word](text)
    return value


def encode_key(key: Key | None) -> list[list[str]] | None:
    return None if key is None else [encode_value(value) for value in key]


def decode_key(data: list[list[str]] | None) -> Key | None:
    return None if data is None else _decoded(data)


def _decoded(pairs: list[list[str]]) -> Key:
    return tuple(decode_value(pair) for pair in pairs)
