"""A plan without its chunks as JSON, exact in its values and their types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mapper_tasks.model.run import Estimate, Plan, Window
from mapper_tasks.model.slices import decode_value, encode_value


def encode_plan(plan: Plan) -> dict[str, Any]:
    return {
        "estimate": {"rows": plan.estimate.rows, "how": plan.estimate.how},
        "parallel": plan.parallel,
        "reason": plan.reason,
        "effective_at": plan.effective_at.isoformat(),
        "window": _encode_window(plan.window),
        "max_workers": plan.max_workers,
        "spool": plan.spool,
    }


def decode_plan(data: dict[str, Any]) -> Plan:
    return Plan(
        estimate=Estimate(**data["estimate"]),
        parallel=data["parallel"],
        reason=data["reason"],
        chunks=(),
        effective_at=datetime.fromisoformat(data["effective_at"]),
        window=_decode_window(data["window"]),
        max_workers=data["max_workers"],
        spool=data.get("spool"),
    )


def _encode_window(window: Window) -> dict[str, Any]:
    return {
        "columns": list(window.columns),
        "after": _encode_values(window.after),
        "upto": _encode_values(window.upto),
        "skip": window.skip,
        "take": window.take,
        "empty": window.empty,
        "reached": window.reached,
    }


def _decode_window(data: dict[str, Any]) -> Window:
    return Window(
        columns=tuple(data["columns"]),
        after=_decode_values(data["after"]),
        upto=_decode_values(data["upto"]),
        skip=data["skip"],
        take=data["take"],
        empty=data["empty"],
        reached=data["reached"],
    )


def _encode_values(values: tuple[Any, ...] | None) -> list[Any] | None:
    if values is None:
        return None
    return [None if value is None else encode_value(value) for value in values]


def _decode_values(data: list[Any] | None) -> tuple[Any, ...] | None:
    if data is None:
        return None
    return tuple(None if pair is None else decode_value(pair) for pair in data)
