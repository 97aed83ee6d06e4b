"""A run gets its plan: checked, leased, cut and written down, by one coordinator only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from mapper_tasks.flow import target_lease
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.faults import code_of, in_words, is_passing, pause_after
from mapper_tasks.flow.functions import resolve
from mapper_tasks.mapping import create, preflight
from mapper_tasks.model.errors import MapperError, StatementFailed
from mapper_tasks.planning import make_plan

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Plan, Run

ATTEMPTS = 5


def plan_run(site: Site, prcid: int) -> None:
    """Plan the run, unless another coordinator does or did.

    What it raises has ended the run: FAILED, with the reason in the ledger.
    """
    if not site.ledger.claim_planning(prcid, site.worker):
        return
    run = site.ledger.run(prcid)
    try:
        plan = _patiently(site, run)
    except MapperError as fault:
        give_up(site, run, fault)
        raise
    except DBAPIError as fault:
        give_up(site, run, fault)
        target = site.databases(run.job.target.connection)
        raise StatementFailed(target.message(fault)) from fault
    if site.ledger.record_plan(prcid, plan):
        _tell(site, run, plan)


def _patiently(site: Site, run: Run) -> Plan:
    """The plan; a fault that passes by itself is waited out."""
    for attempt in range(1, ATTEMPTS):
        try:
            return _plan(site, run)
        except (MapperError, DBAPIError) as fault:
            if not is_passing(site, run.job, fault):
                raise
        site.sleep(pause_after(attempt))
    return _plan(site, run)


def _plan(site: Site, run: Run) -> Plan:
    job = run.job
    source, target = site.databases(job.source.connection), site.databases(job.target.connection)
    preflight.check(job, source, target, resolve(job, site.allowed_modules))
    create.create_target(job, source, target)  # before the lease, which knows a table by its name
    target_lease.take(site, run)
    checkpoint = site.ledger.checkpoint(job.mapref)
    workers = site.workers() if _sized_by_workers(site, job) else None
    return make_plan(job, source, target, site.defaults, checkpoint, site.now(), workers)


def _sized_by_workers(site: Site, job: Job) -> bool:
    """Whether the plan depends on the workers there are: asking for them takes a second."""
    return (job.parallel_config.chunk_size or site.defaults.chunk_size) == "auto"


def give_up(site: Site, run: Run, fault: BaseException) -> None:
    """End a run that cannot be planned, and let go of its target."""
    site.ledger.fail_planning(run.prcid, in_words(site, run.job, fault))
    target_lease.release(site, run)
    site.tell(
        Event.RUN_REFUSED,
        prcid=run.prcid,
        mapref=run.job.mapref,
        fault=code_of(fault),
    )


def _tell(site: Site, run: Run, plan: Plan) -> None:
    site.tell(
        Event.RUN_PLANNED,
        prcid=run.prcid,
        mapref=run.job.mapref,
        rows=plan.estimate.rows,
        how=plan.estimate.how,
        chunks=len(plan.chunks),
        parallel=plan.parallel,
    )
