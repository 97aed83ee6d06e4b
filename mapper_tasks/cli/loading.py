"""A run seen from the command line: by the workers or here, watched to its end, told and judged."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from mapper_tasks.cli.bar import watching
from mapper_tasks.cli.following import follow
from mapper_tasks.cli.frame import Command, Exit
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.stopping import stopping_on_ctrl_c, tell_that_it_goes_on
from mapper_tasks.cli.tables import failures, run_as_json, run_facts
from mapper_tasks.client import MapperClient
from mapper_tasks.flow.local import run_here
from mapper_tasks.model.errors import MapperError
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.cli.frame import Face
    from mapper_tasks.flow.site import Site
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


class LoadingCommand(Command):
    """A run answers scripts with one object of always the same fields, also when none began."""

    def fault_as_json(self, fault: MapperError) -> dict[str, Any]:
        begun = {"prcid": None, "status": str(RunStatus.FAILED), **dict.fromkeys(COUNTS, 0)}
        return {**begun, "seconds": None, "message": str(fault)}


def refuse_local_without_waiting(*, local: bool, no_wait: bool) -> None:
    if local and no_wait:
        raise click.UsageError("--local runs in this process, so it cannot go without waiting")


def hand_over(face: Face, begin: Callable[[MapperClient], int]) -> None:
    """Have the workers begin, and return at once."""
    with MapperClient() as client:
        begun = client.status(begin(client))
    told = f"Run {begun.prcid} is with the workers. Watch it: mapper status {begun.prcid}"
    face.show(run_as_json(begun), told)


def load_here(face: Face, begin: Callable[[Site], int]) -> Run:
    """The run as it ended in this process."""
    with open_site() as site:
        site.ledger.check()
        prcid = begin(site)
        mapref = site.ledger.run(prcid).job.mapref
        with stopping_on_ctrl_c(face, site.ledger, prcid), watching(face, mapref) as watch:
            with suppress(MapperError):  # not to be planned: the run has ended and tells why
                run_here(site, prcid, watch)
            ended = site.ledger.progress(prcid)
            watch(ended)
            return ended.run


def load_by_workers(face: Face, begin: Callable[[MapperClient], int]) -> Run | None:
    """The run as it ended; None: Ctrl-C, and it goes on."""
    with MapperClient() as client:
        prcid = begin(client)
        try:
            with watching(face, client.status(prcid).job.mapref) as watch:
                return follow(client, prcid, watch)
        except KeyboardInterrupt:
            tell_that_it_goes_on(face, prcid)
            return None


def end_with(ctx: click.Context, ended: Run | None) -> None:
    """Show what came of the run, and exit with its code."""
    face: Face = ctx.obj
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
