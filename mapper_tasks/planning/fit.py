"""A driver's values as bounds of slices, of the kind that the target's column has. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper_tasks.model.slices import Key, KeyValue


def fit_key(values: Sequence[Any], kinds: Sequence[Kind]) -> Key | None:
    """A key that both sides of a run can compare; None: some value is not of its kind.

    Such rows exist where types are wishes (SQLite). They become row errors or are stored as they
    are, in whatever slice they fall; but they bound none.
    """
    fitted = [fit(value, kind) for value, kind in zip(values, kinds, strict=True)]
    known = tuple(value for value in fitted if value is not None)
    return known if len(known) == len(fitted) else None


def fit(value: Any, kind: Kind) -> KeyValue | None:
    """One value of a key, or None.

    >>> fit(Decimal("10.00"), Kind.INTEGER), fit("abc", Kind.INTEGER)
    (10, None)
    """
    with suppress(ValueError, ArithmeticError):
        return _FITS.get(kind, _plain)(value)
    return None


def _plain(value: Any) -> KeyValue | None:
    return value if isinstance(value, int | float | str | bytes | Decimal) else None


def _integer(value: Any) -> KeyValue | None:
    if not isinstance(value, int | float | Decimal) or int(value) != value:
        return None
    return int(value)


def _number(value: Any) -> KeyValue | None:
    # NaN has its own place in each database's order.
    ordered = isinstance(value, int | float | Decimal) and value == value  # noqa: PLR0124
    return value if ordered and not isinstance(value, bool) else None


def _text(value: Any) -> KeyValue | None:
    return value if isinstance(value, str) else None


def _boolean(value: Any) -> KeyValue | None:
    return bool(value) if isinstance(value, int) else None


def _date(value: Any) -> KeyValue | None:
    if isinstance(value, str):
        return _canonical(date.fromisoformat(value), value)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _timestamp(value: Any) -> KeyValue | None:
    if isinstance(value, str):
        return _canonical(datetime.fromisoformat(value), value)
    return value if isinstance(value, date) else None


def _time(value: Any) -> KeyValue | None:
    if isinstance(value, str):
        return _canonical(time.fromisoformat(value), value)
    return value if isinstance(value, time) else None


def _uuid(value: Any) -> KeyValue | None:
    if isinstance(value, str):
        return _canonical(UUID(value), value)
    return value if isinstance(value, UUID) else None


def _canonical(value: date | time | UUID, text: str) -> KeyValue | None:
    """Only in this spelling has text the order of what it means."""
    return value if str(value) == text else None


def _bytes(value: Any) -> KeyValue | None:
    return bytes(value) if isinstance(value, bytes | memoryview) else None


_FITS: dict[Kind, Callable[[Any], KeyValue | None]] = {
    Kind.INTEGER: _integer,
    Kind.NUMERIC: _number,
    Kind.FLOAT: _number,
    Kind.TEXT: _text,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.TIMESTAMP: _timestamp,
    Kind.TIMESTAMPTZ: _timestamp,
    Kind.UUID: _uuid,
    Kind.BYTES: _bytes,
}
