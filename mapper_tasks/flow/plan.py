"""A run gets its plan: checked, leased, cut and written down, by one coordinator only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from mapper_tasks.flow import moments, target_lease
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.faults import code_of, in_words, is_passing, pause_after
from mapper_tasks.flow.functions import resolve
from mapper_tasks.flow.heartbeat import Heartbeat
from mapper_tasks.mapping import create, preflight
from mapper_tasks.model.errors import (
    MapperError,
    MomentGone,
    StatementFailed,
    TargetBusy,
    TargetIsLedger,
)
from mapper_tasks.planning import make_plan, refuse_partition

if TYPE_CHECKING:
    from types import TracebackType

    from mapper_tasks.dialects import Database
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Plan, Run

ATTEMPTS = 5


def plan_run(site: Site, prcid: int) -> str | None:
    """Plan the run, and return the token of the coordinator; None: another plans it, or did.

    The plan of a resumed run is only given a new moment of the source. What it raises has ended
    the run: FAILED, with the reason in the ledger. A run that waits for its target is left PENDING
    while another run loads it.
    """
    token = site.ledger.claim_planning(prcid, site.worker, site.times.claim)
    if token is None:
        return None
    run = site.ledger.run(prcid)
    with Planning(site, run, token):
        if run.plan is not None:
            moments.ask(site, run, token)
            site.ledger.go_on(prcid, token)
            return token
        plan = _patiently(site, run, token)
        if site.ledger.record_plan(prcid, plan, token):
            _tell(site, run, plan)
        elif site.ledger.run(prcid).status.final:
            target_lease.release(site, run)  # it was stopped meanwhile
    return token


class Planning:
    """A coordinator at work, its heart beating. Whatever is raised in it, the ledger is told."""

    def __init__(self, site: Site, run: Run, token: str) -> None:
        self._site, self._run, self._token = site, run, token
        self._heart = Heartbeat.of_run(site, run, token)

    def __enter__(self) -> None:
        self._heart.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._heart.__exit__(kind, fault, traceback)
        if isinstance(fault, TargetBusy) and self._run.waits_for_target:
            self._wait(fault)
            return True
        if isinstance(fault, Exception):
            give_up(self._site, self._run, fault, self._token)
        if isinstance(fault, DBAPIError):
            target = self._site.databases(self._run.job.target.connection)
            raise StatementFailed(target.message(fault)) from fault
        return False

    def _wait(self, fault: TargetBusy) -> None:
        site, run = self._site, self._run
        site.ledger.give_back_planning(run.prcid, self._token, str(fault), site.times.busy)
        site.tell(Event.RUN_WAITS, prcid=run.prcid, mapref=run.job.mapref)


def _patiently(site: Site, run: Run, token: str) -> Plan:
    """The plan; a fault that passes by itself is waited out."""
    for attempt in range(1, ATTEMPTS):
        try:
            return _plan(site, run, token)
        except MomentGone:  # the next attempt takes another one
            pass
        except (MapperError, DBAPIError) as fault:
            if not is_passing(site, run.job, fault):
                raise
        site.sleep(pause_after(attempt))
    return _plan(site, run, token)


def _plan(site: Site, run: Run, token: str) -> Plan:
    job = run.job
    source, target = check(site, job)
    create.create_target(job, source, target)  # before the lease, which knows a table by its name
    target_lease.take(site, run)
    checkpoint = site.ledger.checkpoint(job.mapref)
    workers = site.workers() if _sized_by_workers(site, job) else None
    moment = moments.ask(site, run, token) if moments.wanted(site, job) else None
    return make_plan(job, source, target, site.defaults, checkpoint, site.now(), workers, moment)


def check(site: Site, job: Job) -> tuple[Database, Database]:
    """The job's source and target. Raises the JobError or UncuttableKey that a run would meet."""
    source, target = site.databases(job.source.connection), site.databases(job.target.connection)
    if target.file is not None and target.file == site.ledger.file:
        raise TargetIsLedger(f"target.connection: {target.name!r} is the ledger's own SQLite file")
    preflight.check(job, source, target, resolve(job, site.allowed_modules), refuse_partition)
    return source, target


def _sized_by_workers(site: Site, job: Job) -> bool:
    """Whether the plan depends on the workers there are: asking for them takes a second."""
    return (job.parallel_config.chunk_size or site.defaults.chunk_size) == "auto"


def give_up(site: Site, run: Run, fault: BaseException, token: str | None = None) -> None:
    """End a run that cannot be planned, and let go of its target.

    Unless it has become another coordinator's: then run and target are in that one's hands.
    """
    if not site.ledger.fail_planning(run.prcid, in_words(site, run.job, fault), token):
        return
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
