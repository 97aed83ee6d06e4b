"""One moment of the source for all chunks of a run: asked for, kept, and lost.

A database keeps a moment readable only while somebody holds a transaction open. That is a thread
which lives longer than the coordinator's task; the two speak through the ledger.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow.events import Event
from mapper_tasks.flow.faults import code_of
from mapper_tasks.model import clock
from mapper_tasks.model.errors import DatabaseUnreachable, MapperError, MomentGone
from mapper_tasks.planning import settle, to_be_spooled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.dialects.moments import KeptMoment
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Run

PAUSE = 0.05  # seconds between looks whether the keeper has answered


def wanted(site: Site, job: Job) -> bool:
    """Whether several chunks of the job may have to read one moment, and can."""
    return (
        job.source.consistency == "run"
        and settle(job.parallel_config, site.defaults).enabled
        and not to_be_spooled(job, site.defaults)  # else one transaction reads it all
        and site.databases(job.source.connection).shares_moments
    )


def ask(site: Site, run: Run, token: str) -> str:
    """A moment of the run's source, kept from now on until the run is over.

    `token` is that of the run's coordinator. Raises DatabaseUnreachable when nobody answers.
    """
    site.ledger.forget_moment(run.prcid, token)
    site.keep_moment(run.prcid)
    until = clock.monotonic() + site.times.claim
    while (moment := site.ledger.moment(run.prcid)) is None:
        if clock.monotonic() > until:
            name = run.job.source.connection
            raise DatabaseUnreachable(f"connection {name!r}: no moment of it could be kept")
        site.sleep(PAUSE)
    return moment


def keep(site: Site, prcid: int, over: Signal) -> None:
    """Keep a moment for the run, until it needs it no more or `over` is set. Takes that long."""
    run = site.ledger.run(prcid)
    with site.databases(run.job.source.connection).keeping_moment() as kept:
        if not site.ledger.offer_moment(prcid, kept.token):
            return
        site.tell(Event.MOMENT_KEPT, prcid=prcid, mapref=run.job.mapref)
        _stand_by(site, replace(run, moment=kept.token), kept, over)


def _stand_by(site: Site, run: Run, kept: KeptMoment, over: Signal) -> None:
    next_look = clock.monotonic()
    while _is_wanted(site, run):
        if clock.monotonic() >= next_look:
            next_look = clock.monotonic() + site.times.beat
            try:
                kept.look()
            except SQLAlchemyError as fault:
                gone = MomentGone("the connection that kept the moment of the source is lost")
                gone.__cause__ = fault
                lose(site, run, gone)
                return
        if over.wait(site.times.look):
            return


def _is_wanted(site: Site, run: Run) -> bool:
    try:
        return site.ledger.moment(run.prcid) == run.moment
    except SQLAlchemyError:
        return True  # a ledger that is away has not ended the run


def lose(site: Site, run: Run, fault: MomentGone) -> None:
    """The run's moment is gone: no further chunk of it starts."""
    if run.moment is not None and site.ledger.lose_moment(run.prcid, run.moment, str(fault)):
        site.tell(Event.MOMENT_LOST, prcid=run.prcid, mapref=run.job.mapref, fault=fault.code)


@contextmanager
def keeping_here(site: Site) -> Iterator[Site]:
    """The site with a keeper in this process, for as long as the block lasts."""
    over, threads = Signal(), list[Thread]()

    def keep_one(prcid: int) -> None:
        try:
            keep(site, prcid, over)
        except (MapperError, SQLAlchemyError) as fault:
            site.tell(Event.MOMENT_LOST, prcid=prcid, fault=code_of(fault))

    def begin(prcid: int) -> None:
        threads.append(Thread(target=keep_one, args=(prcid,), name=f"moment {prcid}", daemon=True))
        threads[-1].start()

    try:
        yield replace(site, keep_moment=begin)
    finally:
        over.set()
        for thread in threads:
            thread.join()
