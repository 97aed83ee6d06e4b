"""The rounds, added up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chaos.faults import FAULTS

if TYPE_CHECKING:
    from chaos.rounds import Report


def table(seed: int, reports: list[Report]) -> str:
    """As a page of Markdown shows it. A round that nothing struck is no round."""
    faults: Counter[str] = sum((report.faults for report in reports), Counter())
    struck = [report for report in reports if report.faults]
    seconds = [report.seconds for report in reports]
    facts = {
        "seed": seed,
        "rounds": len(struck),
        "faults": faults.total(),
        "chunks applied": sum(report.chunks for report in reports),
        "stopped and resumed": sum(report.resumed for report in reports),
        "wrong ends": sum(bool(report.wrong) for report in reports),
        "hangs": sum(bool(report.hangs) for report in reports),
        "longest time to recover": f"{max(report.recovery for report in reports):.1f} s",
        "a round": f"{sum(seconds) / len(seconds):.1f} s, at most {max(seconds):.1f} s",
    }
    return "\n".join(
        [
            *_columns("fault", "times", {name: faults[name] for name in FAULTS}),
            "",
            *_columns("outcome", "", facts),
        ]
    )


def _columns(left: str, right: str, rows: dict[str, int] | dict[str, object]) -> list[str]:
    return [
        f"| {left} | {right} |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows.items()),
    ]
