"""`mapper resume`: go on with a run that was stopped or failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.loading import end_with, load_here
from mapper_tasks.cli.tables import run_as_json
from mapper_tasks.client import MapperClient

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site


@click.command(cls=Command)
@click.argument("prcid", type=int)
@click.option("--local", is_flag=True, help="In this process, without a broker or a worker.")
@click.pass_context
def resume(ctx: click.Context, prcid: int, local: bool) -> None:
    """Go on with run PRCID, by the workers or here.

    It is STOPPED or FAILED; chunks that are applied are not loaded again. The workers are asked
    and not waited for; with --local the rest is loaded in this process, and the exit code is
    that of `mapper run`.

    \b
    Examples:
      mapper resume 42
      mapper resume 42 --local
    """
    face: Face = ctx.obj
    if local:
        end_with(ctx, load_here(face, lambda site: _resumed(site, prcid)))
    with MapperClient() as client:
        client.resume(prcid)
        run = client.status(prcid)
    told = f"Run {prcid} is with the workers again. Watch it: mapper status {prcid}"
    face.show(run_as_json(run), told)


def _resumed(site: Site, prcid: int) -> int:
    return site.ledger.resume(prcid, here=True).prcid
