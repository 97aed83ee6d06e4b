"""`mapper plan`: what a run of the job would do, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.syntax import Syntax
from rich.text import Text

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.tables import count, facts, listing
from mapper_tasks.flow.rehearse import rehearse

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from mapper_tasks.flow.rehearse import Rehearsal
    from mapper_tasks.model.run import Plan, PlannedChunk
    from mapper_tasks.model.slices import Key

MOST_SLICES = 20


@click.command(cls=Command)
@click.argument("job_file", metavar="JOB")
@click.option("--all", "every", is_flag=True, help="Show every slice, however many there are.")
@click.pass_obj
def plan(face: Face, job_file: str, every: bool) -> None:
    """Show what a run of JOB would do now. Writes nothing.

    How many rows and how that is known, which chunks and why, and the SQL of one of them. It
    checks the job against both databases first, so it is the quickest way to find what is wrong
    with one: it exits with 2 and says what to mend.

    \b
    Example:
      mapper plan dim_customer.yaml
    """
    job = read_job(job_file)
    with open_site() as site:
        rehearsal = rehearse(site, job)
    most = len(rehearsal.plan.chunks) if every else MOST_SLICES
    face.show(plan_as_json(rehearsal), *_shown(rehearsal, most))


def plan_as_json(rehearsal: Rehearsal) -> dict[str, Any]:
    planned = rehearsal.plan
    return {
        "estimated_rows": planned.estimate.rows,
        "estimate": planned.estimate.how,
        "parallel": planned.parallel,
        "reason": planned.reason,
        "effective_at": planned.effective_at.isoformat(),
        "max_workers": planned.max_workers,
        "chunks": [
            {"chunk_no": chunk.chunk_no, "rows": chunk.rows, **chunk.slice.as_json()}
            for chunk in planned.chunks
        ],
        "sql": rehearsal.sql,
    }


def _shown(rehearsal: Rehearsal, most: int) -> list[RenderableType]:
    planned = rehearsal.plan
    parts: list[RenderableType] = [_plan_facts(planned)]
    if planned.chunks:
        parts += ["", _slices(planned.chunks, most)]
    if rehearsal.sql is not None and rehearsal.shown is not None:
        sql = Syntax(rehearsal.sql, "sql", background_color="default", word_wrap=True)
        parts += ["", Text(f"Chunk {rehearsal.shown.chunk_no} reads:", style="dim"), sql]
    return parts


def _plan_facts(planned: Plan) -> Table:
    how = planned.estimate.how
    return facts(
        [
            ("estimate", f"{planned.estimate.rows:,} rows ({how})"),
            ("decision", "in parallel" if planned.parallel else "by one worker"),
            ("because", planned.reason),
            ("effective at", f"{planned.effective_at:%Y-%m-%d %H:%M:%S} UTC"),
            ("at most at once", count(planned.max_workers)),
        ]
    )


def _slices(chunks: tuple[PlannedChunk, ...], most: int) -> Table:
    """The chunks, or where there are many the first and the last ones."""
    table = listing("#chunk", "from (inclusive)", "to (exclusive)", "#rows")
    head = most if len(chunks) <= most else most // 2
    tail = max(head, len(chunks) - most // 2)
    for chunk in chunks[:head]:
        table.add_row(*_slice(chunk))
    if tail > head:
        table.add_row("…", f"{tail - head:,} more: --all", "", "")
    for chunk in chunks[tail:]:
        table.add_row(*_slice(chunk))
    return table


def _slice(chunk: PlannedChunk) -> tuple[str, Text, Text, str]:
    part = chunk.slice
    if part.keys is not None:
        return str(chunk.chunk_no), Text(f"{len(part.keys):,} keys"), Text(""), count(chunk.rows)
    of = "hash" if part.hashed else "key"
    low = _key(part.low, f"the lowest {of}")
    if part.with_nulls:
        low += " and NULL keys"
    high = _key(part.high, f"the highest {of}, included")
    return str(chunk.chunk_no), Text(low), Text(high), count(chunk.rows)


def _key(key: Key | None, open_end: str) -> str:
    return open_end if key is None else ", ".join(str(value) for value in key)
