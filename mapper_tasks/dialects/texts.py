"""Texts on their way into a server that would misread them without a word."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import filterfalse, repeat
from operator import contains
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXTS: frozenset[type] = frozenset({str, type(None)})


def check_unicode(value: str) -> None:
    """Raise ValueError for half of a surrogate pair, which Python keeps and no server takes."""
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"text that is not valid Unicode: {fault.reason}") from None


def are_sound(values: Iterable[str | None]) -> bool:
    """Whether none of the texts has half of a surrogate pair, or the NUL that PostgreSQL refuses.

    >>> are_sound(["a", None, "é"]), are_sound(["a", "\ud800"]), are_sound(["\0"])
    (True, False, False)
    """
    texts = [value for value in values if value]
    if any(map(contains, texts, repeat("\0"))):
        return False
    try:
        for value in filterfalse(str.isascii, texts):
            value.encode()
    except UnicodeEncodeError:
        return False
    return True


def in_utc(value: str) -> str:
    """A moment without its zone, in UTC; what is no moment stays, and the server says so."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    if moment.tzinfo is None:
        return value
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
