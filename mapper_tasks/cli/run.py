"""`mapper run`: load a job's target and show how far it is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from mapper_tasks.cli.bar import watching
from mapper_tasks.cli.following import follow
from mapper_tasks.cli.frame import Command, Exit, Face
from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.cli.site import knows_connections, open_site
from mapper_tasks.cli.stopping import stopping_on_ctrl_c, tell_that_it_goes_on
from mapper_tasks.cli.tables import failures, run_as_json, run_facts
from mapper_tasks.client import MapperClient
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.plan import check
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.errors import MapperError
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Run

EXITS = {
    RunStatus.SUCCESS: Exit.DONE,
    RunStatus.FAILED: Exit.FAILED,
    RunStatus.STOPPED: Exit.STOPPED,
}
COUNTS = (
    "source_rows",
    "target_rows",
    "inserted",
    "updated",
    "expired",
    "unchanged",
    "error_rows",
    "chunks",
)


class RunCommand(Command):
    """A run answers scripts with one object of always the same fields, also when none began."""

    def fault_as_json(self, fault: MapperError) -> dict[str, Any]:
        begun = {"prcid": None, "status": str(RunStatus.FAILED), **dict.fromkeys(COUNTS, 0)}
        return {**begun, "seconds": None, "message": str(fault)}


@click.command(cls=RunCommand)
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
    if local and no_wait:
        raise click.UsageError("--local runs in this process, so it cannot go without waiting")
    face: Face = ctx.obj
    job = read_job(job_file)
    if no_wait:
        _hand_over(face, job, wait_for_target)
        return
    load = _run_locally if local else _run_by_workers
    ended = load(face, job, wait_for_target)
    if ended is None:
        ctx.exit(Exit.INTERRUPTED)
    if ended.status is RunStatus.FAILED:
        _tell_failures(face, ended)
    face.show(run_as_json(ended), run_facts(ended))
    ctx.exit(EXITS[ended.status])


def _tell_failures(face: Face, run: Run) -> None:
    with open_site() as site:
        for words in failures(site.ledger.chunks(run.prcid)):
            face.say(words)


def _hand_over(face: Face, job: Job, wait: bool) -> None:
    with MapperClient() as client:
        begun = client.status(client.submit(job, wait_for_target=wait))
    told = f"Run {begun.prcid} is with the workers. Watch it: mapper status {begun.prcid}"
    face.show(run_as_json(begun), told)


def _run_locally(face: Face, job: Job, wait: bool) -> Run:
    with open_site() as site:
        site.ledger.check()
        check(site, job)
        prcid = submit(site, job, here=True, wait_for_target=wait)
        with stopping_on_ctrl_c(face, site.ledger, prcid), watching(face, job.mapref) as watch:
            with suppress(MapperError):  # not to be planned: the run has ended and tells why
                run_here(site, prcid, watch)
            ended = site.ledger.progress(prcid)
            watch(ended)
            return ended.run


def _run_by_workers(face: Face, job: Job, wait: bool) -> Run | None:
    """The run as it ended; None: Ctrl-C, and it goes on."""
    with open_site() as site:
        if knows_connections():
            check(site, job)
    with MapperClient() as client:
        prcid = client.submit(job, wait_for_target=wait)
        try:
            with watching(face, job.mapref) as watch:
                return follow(client, prcid, watch)
        except KeyboardInterrupt:
            tell_that_it_goes_on(face, prcid)
            return None
