"""Cases collected from the suites of other loaders: read, made into jobs, tables and answers.

They stand beside the checkout, in ../shared/cases, or where MAPPER_TEST_CASES says.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from mapper_tasks.model.job import Job
from tests.cases.readings import READINGS
from tests.rules.model import Row, Rules, Version

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("MAPPER_TEST_CASES", ROOT.parent / "shared" / "cases"))
WHY_NOT = f"there are no cases in {FOLDER}; MAPPER_TEST_CASES names their folder"
UNDATED = datetime(2030, 1, 1, tzinfo=UTC)  # the time of a batch that gives none

TYPES = {
    "int": "bigint",
    "text": "text",
    "timestamp": "timestamp",
    "bool": "boolean",
    "float": "double precision",
}


@dataclass(frozen=True)
class Case:
    """One JSON file: rows before, batches, rows after."""

    number: str
    name: str
    data: dict[str, Any]

    @property
    def universal(self) -> bool:
        return bool(self.data["universality"] == "universal")

    @property
    def versioned(self) -> bool:
        return bool(self.data["type"] == 2)

    @property
    def key(self) -> list[str]:
        return list(self.data["business_key"])

    @property
    def dated_by(self) -> str | None:
        return str(self.data["effective_from"]).partition("column:")[2] or None

    @property
    def compared(self) -> list[str]:
        return list(self.data["compare_columns"])

    @property
    def overwritten(self) -> list[str]:
        return list(self.data["type1_columns"])

    @cached_property
    def stored(self) -> list[str]:
        """The columns of the target: not those that only date or delete."""
        only = {self.dated_by, self.data["delete_flag"]} - set(self.compared)
        return [name for name in self.data["columns"] if name not in only]

    @property
    def excluded(self) -> list[str]:
        known = {*self.key, *self.compared, *self.overwritten}
        return [name for name in self.stored if name not in known]

    @property
    def batches(self) -> list[dict[str, Any]]:
        return list(self.data["batches"])

    def time_of(self, batch: dict[str, Any]) -> datetime:
        return moment(batch["effective"]) or UNDATED

    # ---- as a job

    def job(self, batch: dict[str, Any], chunk_size: int | None) -> Job:
        columns: dict[str, Any] = {name: name for name in self.stored}
        columns |= {name: {"source": name, "scd": 1} for name in self.overwritten}
        target = {
            "connection": "target",
            "table": "dim_case",
            "scd_type": self.data["type"],
            "business_key": self.key,
            "columns": columns,
            "hash_exclude_columns": self.excluded,
            "effective_from": self.dated_by,
            "effective_at": batch["effective"],
            "delete_when": self.data["delete_flag"],
            "on_missing": "expire" if self.data["absent_keys"] == "expire" else "ignore",
            "max_expire_share": 1,
            "type1_scope": self.data.get("type1_scope") or "all",
            "open_end": self.data["open_to"],
        }
        parallel = {"enable_parallel": True, "min_rows_for_parallel": 0}
        if chunk_size is not None:
            parallel["chunk_size"] = chunk_size
        return Job.read(
            {
                "mapref": f"CASE_{self.number}",
                "source": {"connection": "source", "table": "feed"},
                "target": target,
                "parallel_config": parallel,
            }
        )

    # ---- for the model

    @property
    def rules(self) -> Rules:
        return Rules(
            scd_type=self.data["type"],
            dated=self.dated_by is not None,
            overwritten=tuple(self.overwritten),
            excluded=tuple(self.excluded),
            expire_missing=self.data["absent_keys"] == "expire",
            current_scope=self.data.get("type1_scope") == "current",
        )

    def rows(self, batch: dict[str, Any]) -> list[Row]:
        flag = self.data["delete_flag"]
        return [
            Row(
                key=self.key_of(row),
                values=self.values_of(row),
                time=moment(row[self.dated_by]) if self.dated_by else None,
                deleted=bool(flag and row[flag]),
            )
            for row in batch["rows"]
        ]

    def key_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.key)

    def values_of(self, row: dict[str, Any]) -> dict[str, Any]:
        """A column that a row does not have is NULL in it."""
        names = [name for name in self.stored if name not in self.key]
        return {name: typed(row.get(name), self.data["columns"][name]) for name in names}

    def versions(self, rows: list[dict[str, Any]]) -> list[Version]:
        """Expected or initial rows as versions; `_to` may be spelt as the sentinel."""
        return [
            Version(
                key=self.key_of(row),
                values=self.values_of(row),
                fromdt=moment(row.get("_from") or row.get("_seq")),
                todt=None if row.get("_to") == self.data["open_to"] else moment(row.get("_to")),
            )
            for row in rows
        ]

    @property
    def initial(self) -> list[Version]:
        return self.versions(self.data["initial_rows"])

    # ---- the answer

    def faults(self, table: list[Version]) -> list[str]:
        """What is not as the case expects it; nothing when all is."""
        expected = self.data["expected_final_rows"]
        counts = self.data["expected_counts"]
        found = self.shown(table)
        if "any_of" in self.data:
            ways = [self.shown(self.versions(rows)) for rows in self.data["any_of"]]
            return [] if found in ways else [f"expected one of {ways}, found {found}"]
        if expected or not counts["rows"]:
            wanted = self.shown(self.versions(expected))
            return [] if found == wanted else [f"expected {wanted}, found {found}"]
        return self._faults_of_counts(table)

    def _faults_of_counts(self, table: list[Version]) -> list[str]:
        """Some cases give counts and keys only: more than one table would be right."""
        current = [version for version in table if version.todt is None]
        found = {
            "rows": len(table),
            "current": len(current),
            "current_ids": sorted(version.key[0] for version in current),
            "closed_ids": sorted(version.key[0] for version in table if version.todt is not None),
        }
        return [
            f"{name}: expected {wanted}, found {found[name]}"
            for name, wanted in self.data["expected_counts"].items()
            if found[name] != wanted
        ]

    def shown(self, table: list[Version]) -> list[str]:
        """In a type 1 table the time of a row is ours alone."""
        return sorted(
            f"{v.key} {sorted(v.values.items())}"
            + (f" {v.fromdt} {v.todt}" if self.versioned else "")
            for v in table
        )

    @property
    def row_errors(self) -> int:
        """Rows with a NULL in the key are row errors, whatever else the case expects."""
        nulls = sum(None in self.key_of(row) for batch in self.batches for row in batch["rows"])
        return int(self.data.get("row_errors", nulls))


def cases() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        number, _, name = path.stem.partition("_")
        data = json.loads(path.read_text())
        if number in READINGS:
            data |= READINGS[number].changes(data)
        found.append(Case(number, name, data))
    return found


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def typed(value: Any, kind: str) -> Any:
    return moment(value) if kind == "timestamp" else value
