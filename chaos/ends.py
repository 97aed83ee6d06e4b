"""What a round leaves behind, and whether it is what one careful process leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from mapper_tasks.dialects import Database
    from mapper_tasks.ledger import Ledger

Rows = list[tuple[Any, ...]]
CHANGES = ("inserted", "updated", "expired")
_VERSIONS = (
    "SELECT id, name, amount, region, seen, fromdt, todt, curflg FROM dim ORDER BY id, fromdt"
)


@dataclass(frozen=True)
class RunEnd:
    """A run's end: its status, tally, row errors, and its chunks as three tables count them."""

    prcid: int
    status: RunStatus
    tally: dict[str, int]
    errors: Rows
    chunks: int
    marked: int
    logged: int
    lines: int

    @classmethod
    def of(cls, prcid: int, ledger: Ledger, noted: Database, target: Database) -> RunEnd:
        run = ledger.run(prcid)
        of_run = f"WHERE prcid = {prcid}"
        counts = f"SELECT count(DISTINCT chunk_no), count(*) FROM dms_joblog {of_run}"
        [(logged, lines)] = rows(noted, counts)
        [(marked,)] = rows(target, f"SELECT count(*) FROM dms_chunkmark {of_run}")
        errors = f"SELECT keyvalue, errtyp, dberrmsg FROM dms_joberr {of_run} ORDER BY 1"
        tally = run.tally.as_dict()
        return cls(prcid, run.status, tally, rows(noted, errors), run.chunks, marked, logged, lines)


@dataclass(frozen=True)
class End:
    """The target's versions, without surrogate keys and record times, and the runs that made it."""

    versions: Rows
    runs: list[RunEnd]

    @classmethod
    def of(cls, prcids: list[int], ledger: Ledger, noted: Database, target: Database) -> End:
        ends = [RunEnd.of(prcid, ledger, noted, target) for prcid in prcids]
        return cls(rows(target, _VERSIONS), ends)

    def changes(self) -> dict[str, int]:
        """What all its runs together have done to the target."""
        return {name: sum(run.tally[name] for run in self.runs) for name in CHANGES}

    def differences(self, wanted: End) -> list[str]:
        """What is not as it should be, in words; `wanted` is of one run."""
        found = [*_unlike("versions", self.versions, wanted.versions)]
        if self.changes() != wanted.changes():
            found.append(f"changes: {self.changes()}, not {wanted.changes()}")
        for run in self.runs:
            if run.status is RunStatus.SUCCESS:
                found += _faults_of(run, wanted.runs[0])
        return found


def _faults_of(run: RunEnd, wanted: RunEnd) -> list[str]:
    """Of a run that succeeded. Another may have done part of its work: it counts it unchanged."""
    found = _unlike(f"row errors of run {run.prcid}", run.errors, wanted.errors)
    if not run.chunks == run.marked == run.logged == run.lines:
        found.append(
            f"run {run.prcid} has {run.chunks} chunks, {run.marked} markers,"
            f" {run.logged} chunks in {run.lines} lines of the log"
        )
    for name in ("source", "rejected"):
        if run.tally[name] != wanted.tally[name]:
            found.append(f"run {run.prcid}, {name}: {run.tally[name]}, not {wanted.tally[name]}")
    return found


def _unlike(name: str, here: Rows, wanted: Rows) -> list[str]:
    if here == wanted:
        return []
    lacks = sorted(set(wanted) - set(here), key=str)
    has = sorted(set(here) - set(wanted), key=str)
    return [f"{name}: {len(here)}, not {len(wanted)}; lacks {lacks[:2]}, has {has[:2]}"]


def rows(database: Database, statement: str) -> Rows:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]
