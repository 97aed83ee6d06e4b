"""A job looked at before any run of it is written: whether it can be run, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper_tasks.flow.plan import check
from mapper_tasks.model.job import Strategy
from mapper_tasks.planning import chunk_sql, make_plan

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Plan, PlannedChunk


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would do if it began now, and how one of its chunks reads the source."""

    plan: Plan
    shown: PlannedChunk | None = None
    sql: str | None = None


def rehearse(site: Site, job: Job) -> Rehearsal:
    """Plan as a run would, without a run. Writes nothing. Raises JobError or PlanError."""
    source, target = check(site, job)
    plan = make_plan(
        job, source, target, site.defaults, _checkpoint(site, job), site.now(), site.workers()
    )
    if not plan.chunks:
        return Rehearsal(plan)
    shown = plan.chunks[:2][-1]  # the second has both a lower and an upper bound
    return Rehearsal(plan, shown, chunk_sql(job, source, target, shown.slice, plan.window))


def _checkpoint(site: Site, job: Job) -> str | None:
    """Asked of the ledger only where it matters: a job without one needs no ledger here."""
    if job.checkpoint_config.effective is Strategy.NONE:
        return None
    site.ledger.check()
    return site.ledger.checkpoint(job.mapref)
