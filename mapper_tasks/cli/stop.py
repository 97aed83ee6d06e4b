"""`mapper stop`: ask a run to stop."""

from __future__ import annotations

import click

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.tables import run_as_json
from mapper_tasks.client import MapperClient


@click.command(cls=Command)
@click.argument("prcid", type=int)
@click.option("--now", is_flag=True, help="Do not wait for the chunks that are running.")
@click.pass_obj
def stop(face: Face, prcid: int, now: bool) -> None:
    """Ask run PRCID to stop.

    No further chunk starts; the chunks that are committed stay.

    \b
    Examples:
      mapper stop 42
      mapper stop 42 --now
    """
    with MapperClient() as client:
        client.stop(prcid, now=now)
        run = client.status(prcid)
    told = f"Run {prcid} was asked to stop and is {run.status}. Watch it: mapper status {prcid}"
    face.show(run_as_json(run), told)
