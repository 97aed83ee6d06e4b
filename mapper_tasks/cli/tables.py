"""Runs, tallies and findings as a person reads them, and as JSON for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import JustifyMethod

    from mapper_tasks.model.run import Chunk, Run

MOST_FAILURES = 5
STYLES = {
    RunStatus.SUCCESS: "green",
    RunStatus.STOPPED: "yellow",
    RunStatus.STOPPING: "yellow",
    RunStatus.FAILED: "bold red",
}


def count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def seconds(number: float | None) -> str:
    return "" if number is None else f"{number:,.1f} s"


def rate(rows: int, taken: float | None) -> str:
    """Rows a second."""
    return f"{rows / taken:,.0f}" if taken else ""


def status_word(status: RunStatus) -> Text:
    return Text(str(status), style=STYLES.get(status, ""))


def run_as_json(run: Run) -> dict[str, Any]:
    """The one object that `mapper run --json` prints."""
    return {
        "prcid": run.prcid,
        "status": str(run.status),
        "source_rows": run.tally.source,
        "target_rows": run.tally.target,
        "inserted": run.tally.inserted,
        "updated": run.tally.updated,
        "expired": run.tally.expired,
        "unchanged": run.tally.unchanged,
        "error_rows": run.tally.rejected,
        "chunks": run.chunks,
        "seconds": run.seconds,
        "message": run.message,
    }


def facts(pairs: Iterable[tuple[str, object]]) -> Table:
    """Name and value, one pair a line; pairs without a value are left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, value in pairs:
        if value not in (None, ""):
            grid.add_row(name, value if isinstance(value, Text) else Text(str(value)))
    return grid


def listing(*titles: str) -> Table:
    """A table whose columns align right where the title begins with `#`."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in titles:
        number = title.startswith("#")
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(title.removeprefix("#"), justify=justify, no_wrap=number)
    return table


def run_facts(run: Run) -> Table:
    tally, taken = run.tally, run.seconds
    return facts(
        [
            ("run", run.prcid),
            ("job", run.job.mapref),
            ("status", status_word(run.status)),
            ("source rows", count(tally.source)),
            ("inserted", count(tally.inserted)),
            ("updated", count(tally.updated)),
            ("expired", count(tally.expired)),
            ("unchanged", count(tally.unchanged)),
            ("rejected", count(tally.rejected)),
            ("chunks", count(run.chunks)),
            ("time", f"{seconds(taken)} · {rate(tally.source, taken)} rows/s" if taken else ""),
            ("checkpoint", run.checkpoint),
            ("message", run.message),
        ]
    )


def failures(chunks: Iterable[Chunk]) -> list[str]:
    """Why chunks failed, the first few of them."""
    failed = [chunk for chunk in chunks if chunk.status is ChunkStatus.FAILED]
    return [f"chunk {chunk.chunk_no}: {chunk.error}" for chunk in failed[:MOST_FAILURES]]


@dataclass(frozen=True)
class Share:
    """What one worker did of a run. `seconds` is the time its chunks took, added up."""

    worker: str
    chunks: int = 0
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0


def workers_of(chunks: Iterable[Chunk]) -> list[Share]:
    """Each worker's share of the chunks, by name."""
    shares: dict[str, Share] = {}
    for chunk in chunks:
        if chunk.worker is None:
            continue
        so_far = shares.get(chunk.worker, Share(chunk.worker))
        shares[chunk.worker] = Share(
            chunk.worker,
            so_far.chunks + 1,
            so_far.tally + chunk.tally,
            so_far.seconds + sum(chunk.seconds.values()),
        )
    return [shares[worker] for worker in sorted(shares)]
