"""The coordinator: plan the run if nobody has, then set its chunks going.

Every step is a claim in the ledger, so a message that arrives twice, or again after its worker
was killed, goes on where the run stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow import target_lease
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.here import work_off
from mapper_tasks.flow.plan import plan_run
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Post, Site
    from mapper_tasks.model.run import Run

WAVE = 2000  # chunks of one chord: their messages and their counting stay small


def execute(site: Site, prcid: int, post: Post) -> Run:
    """Take the run as far as this worker can, and return it as the ledger then has it.

    Raises the JobError, PlanError or DatabaseError that ended the run FAILED in planning.
    """
    plan_run(site, prcid)
    run = site.ledger.run(prcid)
    if run.status is RunStatus.STOPPING:
        finalize(site, prcid)
    elif run.status is RunStatus.RUNNING:
        _go_on(site, run, post)
    return site.ledger.run(prcid)


def _go_on(site: Site, run: Run, post: Post) -> None:
    """Send or do what is open, unless another run has taken the target meanwhile."""
    if target_lease.take_again(site, run):
        if run.plan is not None and run.plan.parallel:
            send_chunks(site, run, post)
            return
        work_off(site, run)
    finalize(site, run.prcid)


def send_chunks(site: Site, run: Run, post: Post) -> None:
    """Send what is not sent yet; as much of it at once as the plan's `max_workers` allows."""
    while wave := site.ledger.dispatch(run.prcid, WAVE):
        post.chord(run, wave)
        if run.plan is not None and run.plan.max_workers is not None:
            return  # whoever finishes a chunk sends the next one
