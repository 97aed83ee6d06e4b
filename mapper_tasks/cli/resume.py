"""`mapper resume`: go on with a run that was stopped or failed."""

from __future__ import annotations

import click

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.tables import run_as_json
from mapper_tasks.client import MapperClient


@click.command(cls=Command)
@click.argument("prcid", type=int)
@click.pass_obj
def resume(face: Face, prcid: int) -> None:
    """Let the workers go on with run PRCID.

    It is STOPPED or FAILED; chunks that are applied are not loaded again.

    \b
    Example:
      mapper resume 42
    """
    with MapperClient() as client:
        client.resume(prcid)
        run = client.status(prcid)
    told = f"Run {prcid} is with the workers again. Watch it: mapper status {prcid}"
    face.show(run_as_json(run), told)
