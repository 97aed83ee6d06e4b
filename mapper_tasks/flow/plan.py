"""A run gets its plan: checked, leased, cut and written down, by one coordinator only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

from sqlalchemy.exc import DBAPIError

from mapper_tasks.flow import moments, replay, spooling, target_lease
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.faults import code_of, in_words, is_passing
from mapper_tasks.flow.functions import resolve
from mapper_tasks.flow.heartbeat import Heartbeat
from mapper_tasks.flow.interrupting import AtWork
from mapper_tasks.flow.patience import patiently
from mapper_tasks.mapping import create, preflight
from mapper_tasks.model.errors import (
    MomentGone,
    StatementFailed,
    TargetBusy,
    TargetIsLedger,
)
from mapper_tasks.planning import make_plan, refuse_partition, to_be_spooled

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from mapper_tasks.dialects import Database
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Plan, Run

P = ParamSpec("P")
T = TypeVar("T")


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
    with Planning(site, run, token) as this:
        if run.plan is not None:
            this.patiently(moments.ask, site, run, token)
            this.patiently(site.ledger.go_on, prcid, token)
            return token
        plan = this.patiently(this.plan)
        if this.patiently(site.ledger.record_plan, prcid, plan, token):
            _tell(site, run, plan)
        else:
            this.leave()
    return token


class Planning:
    """A coordinator at work, its heart beating. Whatever is raised in it, the ledger is told."""

    def __init__(self, site: Site, run: Run, token: str) -> None:
        self._site, self._run, self._token = site, run, token
        self._at_work = AtWork()
        self._heart = Heartbeat.of_planning(site, run, token, self._at_work.interrupt)

    def __enter__(self) -> Self:
        self._heart.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._heart.__exit__(kind, fault, traceback)
        if not isinstance(fault, Exception):
            return False
        if self._heart.verdict():  # the run has ended, or is another coordinator's
            self.leave()
            return True
        self._drop_spool()
        if isinstance(fault, TargetBusy) and self._run.waits_for_target:
            self._wait(fault)
            return True
        give_up(self._site, self._run, fault, self._token)
        if isinstance(fault, DBAPIError):
            target = self._site.databases(self._run.job.target.connection)
            raise StatementFailed(target.message(fault)) from fault
        return False

    def patiently(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the step returns; a fault that passes by itself is waited out."""
        again = patiently(self._site.sleep, self._passes, self._tell_of)
        answer: T = again(step, *args, **kwargs)
        return answer

    def _passes(self, fault: BaseException) -> bool:
        if self._heart.verdict():
            return False
        # A moment that is gone: the next attempt takes another one.
        return is_passing(fault) or isinstance(fault, MomentGone)

    def _tell_of(self, attempt: int, fault: BaseException) -> None:
        facts = {"attempt": attempt, "fault": code_of(fault)}
        run = self._run
        self._site.tell(Event.RUN_TRIED_AGAIN, prcid=run.prcid, mapref=run.job.mapref, **facts)

    def plan(self) -> Plan:
        site, run, job = self._site, self._run, self._run.job
        source, target = check(site, job)
        create.create_target(job, source, target)  # before the lease, which knows it by its name
        target_lease.take(site, run)
        if run.replays is not None:
            return replay.plan(site, run)
        workers = site.workers() if _sized_by_workers(site, job) else None
        if to_be_spooled(job, site.defaults):
            watched = (self._heart.check, self._at_work.on)
            found = spooling.plan(site, run, self._token, workers, *watched)
            if found is not None:
                return found
        checkpoint = site.ledger.checkpoint(job.mapref)
        moment = moments.ask(site, run, self._token) if moments.wanted(site, job) else None
        return make_plan(
            job, source, target, site.defaults, checkpoint, site.now(), workers, moment
        )

    def leave(self) -> None:
        """The run was stopped meanwhile, or another coordinator has planned it."""
        self._drop_spool()
        if self._site.ledger.run(self._run.prcid).status.final:
            target_lease.release(self._site, self._run)

    def _drop_spool(self) -> None:
        if to_be_spooled(self._run.job, self._site.defaults):
            spooling.drop_unplanned(self._site, self._run, self._token)

    def _wait(self, fault: TargetBusy) -> None:
        site, run = self._site, self._run
        site.ledger.give_back_planning(run.prcid, self._token, str(fault), site.times.busy)
        site.tell(Event.RUN_WAITS, prcid=run.prcid, mapref=run.job.mapref)


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
