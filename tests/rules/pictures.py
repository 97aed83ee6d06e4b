"""Hand-made pictures of one key: its versions before, the rows that come, its versions after.

a[1,5) b[5,)      versions: value, from inclusive, to exclusive; nothing after the comma: open
c@3 -@7           rows: value and time; - is a row that ends its key
a:2[1,)  a:2@3    with the value of a second column after the colon
.                 nothing
"""

from __future__ import annotations

import re

from tests.rules.model import Row, Version

KEY = (1,)
_VERSION = re.compile(r"(\w)(?::(\w))?\[(\d+),(\d*)\)")
_ROW = re.compile(r"([-\w])(?::(\w))?@(\d+|\?)")


def versions(picture: str) -> list[Version]:
    return [
        Version(KEY, _values(value, beside), int(begin), int(end) if end else None)
        for value, beside, begin, end in _matches(_VERSION, picture)
    ]


def rows(picture: str) -> list[Row]:
    return [
        Row(KEY, _values(value, beside), None if time == "?" else int(time), deleted=value == "-")
        for value, beside, time in _matches(_ROW, picture)
    ]


def drawn(table: list[Version]) -> str:
    parts = []
    for one in sorted(table, key=lambda version: version.fromdt):
        value = one.values["v"] or "_"
        beside = f":{one.values['w']}" if one.values.get("w") else ""
        parts.append(f"{value}{beside}[{one.fromdt},{'' if one.todt is None else one.todt})")
    return " ".join(parts) or "."


def _values(value: str, beside: str) -> dict[str, str | None]:
    """`_` is NULL."""
    return {
        "v": None if value in "-_" else value,
        "w": None if beside in ("", "_") else beside,
    }


def _matches(pattern: re.Pattern[str], picture: str) -> list[tuple[str, ...]]:
    parts = [] if picture == "." else picture.split()
    found = [pattern.fullmatch(part) for part in parts]
    assert all(found), f"cannot read the picture {picture!r}"
    return [match.groups(default="") for match in found if match]
