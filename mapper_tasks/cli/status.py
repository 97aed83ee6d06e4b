"""`mapper status`: the latest runs, or one run with its chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.tables import (
    count,
    facts,
    failures,
    listing,
    rate,
    run_as_json,
    run_facts,
    seconds,
    status_word,
    workers_of,
)

if TYPE_CHECKING:
    from rich.table import Table

    from mapper_tasks.ledger import Ledger
    from mapper_tasks.model.run import Chunk, Run


@click.command(cls=Command)
@click.argument("prcid", type=int, required=False)
@click.option("--limit", default=20, show_default=True, help="How many runs to list.")
@click.option("--mapref", help="Only runs of this job.")
@click.pass_obj
def status(face: Face, prcid: int | None, limit: int, mapref: str | None) -> None:
    """Show the latest runs, or one run with its chunks.

    \b
    Examples:
      mapper status
      mapper status --mapref DIM_CUSTOMER
      mapper status 42
      mapper status 42 --json
    """
    with open_site() as site:
        site.ledger.check()
        if prcid is None:
            _show_runs(face, site.ledger.runs(limit=limit, mapref=mapref))
        else:
            _show_run(face, site.ledger, prcid)


def _show_runs(face: Face, runs: list[Run]) -> None:
    table = listing(
        "#run", "job", "status", "started", "#source rows", "#written", "#errors", "#time"
    )
    for run in runs:
        table.add_row(
            str(run.prcid),
            run.job.mapref,
            status_word(run.status),
            f"{run.strtdt:%Y-%m-%d %H:%M:%S}" if run.strtdt else "",
            count(run.tally.source),
            count(run.tally.target),
            count(run.tally.rejected),
            seconds(run.seconds),
        )
    data = {"runs": [{"mapref": run.job.mapref, **run_as_json(run)} for run in runs]}
    face.show(data, table if runs else "There are no runs yet.")


def _show_run(face: Face, ledger: Ledger, prcid: int) -> None:
    run, chunks = ledger.run(prcid), ledger.chunks(prcid)
    data = {
        "mapref": run.job.mapref,
        **run_as_json(run),
        "checkpoint": run.checkpoint,
        "chunk_list": [_chunk_as_json(chunk) for chunk in chunks],
    }
    face.show(
        data, run_facts(run), _plan_facts(run), "", _workers(chunks), *map(Text, failures(chunks))
    )


def _plan_facts(run: Run) -> Table:
    plan = run.plan
    if plan is None:
        return facts([])
    estimate = f"{plan.estimate.rows:,} rows ({plan.estimate.how})"
    return facts([("estimate", estimate), ("plan", plan.reason)])


def _workers(chunks: list[Chunk]) -> Table:
    table = listing("worker", "#chunks", "#source rows", "#written", "#rows/s")
    for share in workers_of(chunks):
        speed = rate(share.tally.source, share.seconds)
        table.add_row(
            share.worker,
            count(share.chunks),
            count(share.tally.source),
            count(share.tally.target),
            speed,
        )
    waiting = sum(chunk.worker is None for chunk in chunks)
    if waiting:
        table.add_row("(none yet)", count(waiting), "", "", "")
    return table


def _chunk_as_json(chunk: Chunk) -> dict[str, Any]:
    return {
        "chunk_no": chunk.chunk_no,
        "status": str(chunk.status),
        "worker": chunk.worker,
        "attempt": chunk.attempt,
        **chunk.tally.as_dict(),
        "seconds": chunk.seconds,
        "error": chunk.error,
    }
