"""A Python function that a job of these tests names: rows then take the road through Python."""

from __future__ import annotations

from typing import Any


def same(row: dict[str, Any]) -> dict[str, Any]:
    return row
