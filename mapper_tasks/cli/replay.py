"""`mapper replay`: load what a run rejected, once its cause is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper_tasks.cli.loading import (
    LoadingCommand,
    end_with,
    hand_over,
    load_by_workers,
    load_here,
    refuse_local_without_waiting,
)
from mapper_tasks.cli.site import open_site
from mapper_tasks.flow.replay import replay_of, submit_replay

if TYPE_CHECKING:
    from mapper_tasks.cli.frame import Face


@click.command(cls=LoadingCommand)
@click.argument("prcid", type=int)
@click.option("--local", is_flag=True, help="In this process, without a broker or a worker.")
@click.option("--no-wait", is_flag=True, help="Hand the run to the workers and return at once.")
@click.option("--wait-for-target", is_flag=True, help="While another run loads it, wait.")
@click.pass_context
def replay(
    ctx: click.Context, prcid: int, local: bool, no_wait: bool, wait_for_target: bool
) -> None:
    """Load the rows that run PRCID rejected, as they are now.

    Mend them first: `mapper errors PRCID` shows them. A new run of the same job reads all rows
    of their keys and nothing else; no key counts as missing, and the checkpoint stays where it
    is. Rows without a key cannot be found again: they are counted and left out. Exits as
    `mapper run` does.

    \b
    Examples:
      mapper replay 42
      mapper replay 42 --local
      mapper replay 42 --no-wait --json
    """
    refuse_local_without_waiting(local=local, no_wait=no_wait)
    face: Face = ctx.obj
    with open_site() as site:
        site.ledger.check()
        found = replay_of(site, prcid)
    if found.without_key:
        face.say(f"{found.without_key} rejected keys of run {prcid} have a NULL: they stay out.")
    words = {"wait_for_target": wait_for_target}
    if no_wait:
        hand_over(face, lambda client: client.replay(prcid, **words))
    elif local:
        ended = load_here(face, lambda site: submit_replay(site, prcid, here=True, **words))
        end_with(ctx, ended)
    else:
        end_with(ctx, load_by_workers(face, lambda client: client.replay(prcid, **words)))
