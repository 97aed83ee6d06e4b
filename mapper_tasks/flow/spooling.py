"""A run whose source is read once: its spool is made before the plan, and dropped at its end.

Where a run is resumed its spool is gone; the first chunk that begins makes it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.etl import spool
from mapper_tasks.etl.load import ChunkWork
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.functions import resolve
from mapper_tasks.flow.target_lease import over
from mapper_tasks.model.errors import MapperError
from mapper_tasks.planning import make_plan_of_spool, reach_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Plan, Run, Window

    AtWork = Callable[[Database, Connection], AbstractContextManager[None]]


def plan(
    site: Site,
    run: Run,
    token: str,
    workers: int | None,
    check: Callable[[], None],
    at_work: AtWork,
) -> Plan | None:
    """Read the source into a spool and plan over that; None: there is nothing to read."""
    job, now = run.job, site.now()
    source, target = site.databases(job.source.connection), site.databases(job.target.connection)
    reach = reach_now(job, source, site.ledger.checkpoint(job.mapref))
    if reach.window.empty:
        return None
    name = spool.name_for(token)
    spool.drop_those_over(target, over(site))
    spool.drop(target, name=name)  # of an attempt before this one, which had another window
    at = job.target.effective_at or now
    spool.ensure(_work(site, run, name, reach.window, at, check, at_work))
    return make_plan_of_spool(job, name, target, site.defaults, reach, now, workers)


def _work(
    site: Site,
    run: Run,
    name: str,
    window: Window,
    effective_at: datetime,
    check: Callable[[], None],
    at_work: AtWork,
) -> ChunkWork:
    return ChunkWork(
        job=run.job,
        prcid=run.prcid,
        run_key=run.run_key,
        chunk_no=0,
        slice=spool.EVERYTHING,
        effective_at=effective_at,
        window=window,
        source=site.databases(run.job.source.connection),
        target=site.databases(run.job.target.connection),
        functions=resolve(run.job, site.allowed_modules),
        check=check,
        at_work=at_work,
        spool=name,
    )


def drop(site: Site, run: Run) -> None:
    """Drop what the run has read from, if it had a spool."""
    if run.plan is not None and run.plan.spool is not None:
        _drop(site, run, run_key=run.run_key)


def drop_unplanned(site: Site, run: Run, token: str) -> None:
    """Drop the spool of a coordinator whose plan has not become the run's."""
    _drop(site, run, name=spool.name_for(token))


def _drop(site: Site, run: Run, **which: str) -> None:
    try:
        spool.drop(site.databases(run.job.target.connection), **which)
    except (SQLAlchemyError, MapperError) as fault:
        site.tell(Event.SPOOL_KEPT, prcid=run.prcid, fault=type(fault).__name__)
