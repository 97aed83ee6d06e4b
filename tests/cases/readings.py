"""Cases of convention that we read in another way than they are written: the reason, our answer.

docs/cases.md says the same to people; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """`changes` gives the parts of the case that are otherwise with us."""

    reason: str
    changes: Callable[[Data], Data]


def _no_row_at_all(data: Data) -> Data:
    """The case allows it: both rows are row errors."""
    return {"any_of": [[]], "expected_counts": {"rows": 0}, "row_errors": 2}


def _the_good_row_too(data: Data) -> Data:
    good = [row for row in data["batches"][0]["rows"] if row["id"] is not None]
    expected = [*data["expected_final_rows"], *[{"id": r["id"], "value": r["value"]} for r in good]]
    counts = {"rows": len(expected)}
    return {"expected_final_rows": expected, "expected_counts": counts, "row_errors": 2}


def _from_the_first_run(data: Data) -> Data:
    first, since = data["first_load_from"], data["batches"][0]["effective"]
    return {
        "expected_final_rows": [
            row | {"_from": since if row["_from"] == first else row["_from"]}
            for row in data["expected_final_rows"]
        ]
    }


READINGS: dict[str, Reading] = {
    "024": Reading(
        "two rows of one key and time that differ are row errors: on_duplicate is reject",
        _no_row_at_all,
    ),
    "057": Reading(
        "a NULL key costs its row and not the batch: the good row of the batch is loaded",
        _the_good_row_too,
    ),
    "105": Reading(
        "there is no option that dates the versions of a first load before the run",
        _from_the_first_run,
    ),
}
