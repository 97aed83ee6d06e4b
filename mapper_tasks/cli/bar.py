"""How far a run is, live on stderr: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.progress import BarColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bars

from mapper_tasks.model.clock import monotonic
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

    from mapper_tasks.cli.frame import Face
    from mapper_tasks.ledger import Progress

SECONDS_BETWEEN_LINES = 5.0
SMOOTHING_SECONDS = 10.0


@dataclass(frozen=True)
class Reach:
    """A Progress as a person thinks of it: rows done of rows expected, chunks of chunks."""

    rows: int
    expected: int
    chunks: int
    of: int
    planned: bool
    over: bool

    @classmethod
    def of_progress(cls, progress: Progress) -> Reach:
        ended = sum(progress.chunks.get(s, 0) for s in (ChunkStatus.APPLIED, ChunkStatus.FAILED))
        rows = progress.tally.source
        all_chunks = sum(progress.chunks.values())
        expected = rows if ended == all_chunks else max(progress.estimated_rows or 0, rows)
        return cls(
            rows,
            expected,
            ended,
            all_chunks,
            planned=progress.run.plan is not None,
            over=progress.run.status.final,
        )

    @property
    def share(self) -> float:
        """0 to 1, by rows where an estimate is there, else by chunks."""
        if self.expected:
            return self.rows / self.expected
        return self.chunks / self.of if self.of else 0.0

    def words(self, rate: float) -> str:
        if not self.planned:
            return "not planned" if self.over else "planning"
        parts = [f"{self.rows:,}/{self.expected:,} rows", f"{self.chunks}/{self.of} chunks"]
        if rate:
            parts.append(f"{rate:,.0f}/s")
            if self.expected > self.rows and not self.over:
                parts.append(f"{(self.expected - self.rows) / rate:,.0f} s left")
        return " · ".join(parts)


@dataclass
class Speed:
    """Rows a second over the last moments, so that a slow start does not weigh for ever."""

    seen: list[tuple[float, int]] = field(default_factory=list)

    def after(self, rows: int) -> float:
        now = monotonic()
        if not self.seen or self.seen[-1][1] != rows:
            self.seen.append((now, rows))
        while len(self.seen) > 2 and now - self.seen[1][0] > SMOOTHING_SECONDS:
            self.seen.pop(0)
        (began, first), taken = self.seen[0], now - self.seen[0][0]
        return (rows - first) / taken if taken > 0 and rows > first and began else 0.0


@contextmanager
def watching(face: Face, title: str) -> Iterator[Callable[[Progress], None]]:
    """What to call with every Progress of one run, to show it."""
    if face.err.is_terminal:
        with _bars(face) as bars:
            yield Live(bars, bars.add_task(title, total=None, words="waiting for a worker"))
    else:
        yield Lines(face, title.strip())


def _bars(face: Face) -> Bars:
    return Bars(
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}", style="bold"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[words]}"),
        console=face.err,
    )


@dataclass
class Live:
    """One bar that moves."""

    bars: Bars
    task: TaskID
    speed: Speed = field(default_factory=Speed)

    def __call__(self, progress: Progress) -> None:
        reach = Reach.of_progress(progress)
        words = reach.words(self.speed.after(reach.rows))
        total = 1.0 if reach.planned else None
        done = 1.0 if progress.run.status.final else reach.share
        self.bars.update(self.task, total=total, completed=done, words=words)


@dataclass
class Lines:
    """A line when something began or ended, and every few seconds between."""

    face: Face
    title: str
    speed: Speed = field(default_factory=Speed)
    told: tuple[object, ...] = ()
    told_at: float = 0.0

    def __call__(self, progress: Progress) -> None:
        reach = Reach.of_progress(progress)
        rate = self.speed.after(reach.rows)
        stage = (progress.run.status, reach.planned)
        if stage != self.told or monotonic() - self.told_at > SECONDS_BETWEEN_LINES:
            self.told, self.told_at = stage, monotonic()
            self.face.say(f"{self.title}: {progress.run.status}, {reach.words(rate)}")
