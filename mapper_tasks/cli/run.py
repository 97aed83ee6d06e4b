"""`mapper run`: load a job's target and show how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.cli.loading import (
    LoadingCommand,
    end_with,
    hand_over,
    load_by_workers,
    load_here,
    refuse_local_without_waiting,
)
from mapper_tasks.cli.site import knows_connections, open_site
from mapper_tasks.flow.plan import check
from mapper_tasks.flow.submit import submit

if TYPE_CHECKING:
    from mapper_tasks.cli.frame import Face
    from mapper_tasks.client import MapperClient
    from mapper_tasks.flow.site import Site


@click.command(cls=LoadingCommand)
@click.argument("job_file", metavar="JOB")
@click.option("--local", is_flag=True, help="In this process, without a broker or a worker.")
@click.option("--no-wait", is_flag=True, help="Hand the run to the workers and return at once.")
@click.option("--wait-for-target", is_flag=True, help="While another run loads it, wait.")
@click.pass_context
def run(
    ctx: click.Context, job_file: str, local: bool, no_wait: bool, wait_for_target: bool
) -> None:
    """Load the target of JOB.

    By the workers there are, or in this process with --local. A live bar on stderr shows how
    far it is; the result is printed on stdout. Ctrl-C leaves a run of the workers going, and
    stops a local one. Exits with 0: loaded, 1: failed, 2: the job cannot be run and nothing was
    written, 3: stopped.

    \b
    Examples:
      mapper run dim_customer.yaml
      mapper run dim_customer.yaml --local
      mapper run dim_customer.yaml --no-wait --json
      make_job | mapper run - --json
    """
    refuse_local_without_waiting(local=local, no_wait=no_wait)
    face: Face = ctx.obj
    job = read_job(job_file)

    def here(site: Site) -> int:
        check(site, job)
        return submit(site, job, here=True, wait_for_target=wait_for_target)

    def by_workers(client: MapperClient) -> int:
        return client.submit(job, wait_for_target=wait_for_target)

    if no_wait:
        hand_over(face, by_workers)
    elif local:
        end_with(ctx, load_here(face, here))
    else:
        if knows_connections():
            with open_site() as site:
                check(site, job)
        end_with(ctx, load_by_workers(face, by_workers))
