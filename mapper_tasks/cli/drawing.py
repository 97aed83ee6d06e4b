"""A run drawn: one lane for each chunk that a worker had at once, its phases as colours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mapper_tasks.model.run import Chunk

PHASES = ("spool", "stage", "apply", "record", "commit")
LEFT, WIDTH, LANE, GAP, TOP = 150, 1000, 18, 10, 24  # of the drawing, in its own units
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
MOST_TICKS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A chunk in its lane: from when to when, in seconds after the run began."""

    chunk: Chunk
    lane: int
    begin: float
    end: float


def drawing(chunks: Iterable[Chunk], begun: datetime) -> str:
    """The chunks over time as SVG, worker under worker; nothing where none was begun."""
    by_worker: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        if chunk.worker is not None and chunk.strtdt is not None:
            by_worker.setdefault(chunk.worker, []).append(chunk)
    lanes = {worker: _laid(by_worker[worker], begun) for worker in sorted(by_worker)}
    last = max((bar.end for bars in lanes.values() for bar in bars), default=0.0)
    if not last:
        return "<p>No chunk was begun.</p>"
    parts, top = [], TOP
    for worker, bars in lanes.items():
        parts.append(f'<text class="worker" x="0" y="{top + 13}">{escape(worker)}</text>')
        parts += [_bar(bar, top, WIDTH / last) for bar in bars]
        top += (max(bar.lane for bar in bars) + 1) * LANE + GAP
    grid = _grid(last, top)
    head = f'<svg viewBox="0 0 {LEFT + WIDTH + 10} {top}" role="img" aria-label="chunks over time">'
    return "".join([head, *grid, *parts, "</svg>"])


def _laid(chunks: list[Chunk], begun: datetime) -> list[Bar]:
    """Each chunk in the first lane that is free by then."""
    free: list[float] = []
    bars = []
    for chunk in sorted(chunks, key=lambda one: (one.strtdt, one.chunk_no)):
        begin = 0.0 if chunk.strtdt is None else (chunk.strtdt - begun).total_seconds()
        took = sum(chunk.seconds.values())
        end = begin + took if chunk.enddt is None else (chunk.enddt - begun).total_seconds()
        lane = next((n for n, until in enumerate(free) if until <= begin), len(free))
        free[lane : lane + 1] = [end]
        bars.append(Bar(chunk, lane, begin, max(end, begin)))
    return bars


def _bar(bar: Bar, top: int, scale: float) -> str:
    chunk, y = bar.chunk, top + bar.lane * LANE
    x, width = LEFT + bar.begin * scale, max((bar.end - bar.begin) * scale, 1.5)
    frame = f'<rect class="{chunk.status}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="14"/>'
    return f"<g><title>{escape(_said(bar))}</title>{frame}{_phases(chunk, x, y, width, scale)}</g>"


def _phases(chunk: Chunk, x: float, y: int, width: float, scale: float) -> str:
    drawn, until = [], x + width
    for phase in PHASES:
        part = min(chunk.seconds.get(phase, 0.0) * scale, until - x)
        if part > 0:
            drawn.append(
                f'<rect class="{phase}" x="{x:.1f}" y="{y}" width="{part:.1f}" height="14"/>'
            )
            x += part
    return "".join(drawn)


def _said(bar: Bar) -> str:
    chunk, tally = bar.chunk, bar.chunk.tally
    phases = ", ".join(f"{name} {took:.2f} s" for name, took in chunk.seconds.items())
    counts = ", ".join(f"{count:,} {name}" for name, count in tally.as_dict().items() if count)
    lines = [
        f"chunk {chunk.chunk_no}: {chunk.status}, attempt {chunk.attempt}",
        f"{bar.begin:.2f} s to {bar.end:.2f} s",
        phases,
        counts,
        chunk.error or "",
    ]
    return "\n".join(line for line in lines if line)


def _grid(last: float, bottom: int) -> list[str]:
    step = next((tick for tick in TICKS if last / tick <= MOST_TICKS), last)
    found = []
    for number in range(int(last / step) + 1):
        x = LEFT + number * step * WIDTH / last
        line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="16" y2="{bottom}"/>'
        found.append(f'{line}<text class="tick" x="{x:.1f}" y="11">{number * step:g} s</text>')
    return found
