"""A span of time as the text that databases without a type for it keep."""

from __future__ import annotations

from datetime import timedelta


def clock(value: timedelta) -> str:
    """`HH:MM:SS[.ffffff]`, with as many hours as it takes.

    >>> clock(timedelta(days=1, microseconds=5)), clock(timedelta(hours=-1))
    ('24:00:00.000005', '-01:00:00')
    """
    sign, whole = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(whole.days * 86_400 + whole.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{whole.microseconds:06}" if whole.microseconds else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}"
