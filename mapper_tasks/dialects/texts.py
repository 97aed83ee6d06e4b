"""Texts on their way into a server that would misread them without a word."""

from __future__ import annotations

from datetime import UTC, datetime


def check_unicode(value: str) -> None:
    """Raise ValueError for half of a surrogate pair, which Python keeps and no server takes."""
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"text that is not valid Unicode: {fault.reason}") from None


def in_utc(value: str) -> str:
    """A moment without its zone, in UTC; what is no moment stays, and the server says so."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    if moment.tzinfo is None:
        return value
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
