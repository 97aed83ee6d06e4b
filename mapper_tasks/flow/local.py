"""A whole run in this process, without a broker: the same plan, its chunks one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow import target_lease
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.heartbeat import Heartbeat
from mapper_tasks.flow.here import work_off
from mapper_tasks.flow.moments import keeping_here
from mapper_tasks.flow.plan import plan_run
from mapper_tasks.flow.rescue import end_abandoned
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.flow.site import Site
    from mapper_tasks.ledger import Progress
    from mapper_tasks.model.run import Run


def run_here(site: Site, prcid: int, on_progress: Callable[[Progress], None]) -> Run:
    """The run as it ended. `on_progress` is told after planning and after each chunk.

    Raises the JobError, PlanError or DatabaseError that ended the run FAILED in planning.
    """

    def watch(_: object = None) -> None:
        on_progress(site.ledger.progress(prcid))

    end_abandoned(site)  # where there is no worker, nobody else does
    with keeping_here(site) as keeping:
        token = _plan(keeping, prcid)
        watch()
        run = site.ledger.run(prcid)
        if token is None and run.status is RunStatus.RUNNING:
            token = _take_up(keeping, run)
            run = site.ledger.run(prcid)
        if run.status is RunStatus.RUNNING and token is not None:
            with Heartbeat.of_run(site, run, token):
                work_off(site, run, watch)
        finalize(site, prcid)
    return site.ledger.run(prcid)


def _plan(site: Site, prcid: int) -> str | None:
    """The coordinator's token, once the target is free where the run waits for it."""
    token = plan_run(site, prcid)
    while (run := site.ledger.run(prcid)).waits_for_target and run.status is RunStatus.PENDING:
        site.sleep(site.times.busy)
        token = plan_run(site, prcid)
    return token


def _take_up(site: Site, run: Run) -> str | None:
    """The token of who goes on with a run that had its plan; None: somebody else has it."""
    token = site.ledger.hold_here(run.prcid, site.times.claim)
    return token if token is not None and target_lease.take_again(site, run) else None
