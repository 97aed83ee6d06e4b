"""The periodic repair of whatever a dead worker or a lost message left behind.

Any number of workers may do it at once: each step is a comparison and a change in the ledger. A
chunk whose heart beats is never touched, however long it takes.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow import target_lease
from mapper_tasks.flow.events import Event
from mapper_tasks.flow.execute import WAVE
from mapper_tasks.flow.faults import code_of
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.stop import carry_out
from mapper_tasks.model.errors import MapperError, RunAbandoned
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.flow.site import Post, Site
    from mapper_tasks.model.run import Run


def sweep(site: Site, post: Post) -> None:
    """One round. What goes wrong in one part of it is told, and left to the next round."""
    with _part(site, "stop requests"):
        carry_out_stops(site, post)
    waiting = post.waiting()
    if waiting is not None:  # else the broker takes nothing now
        with _part(site, "runs without a plan"):
            send_unplanned(site, post)
    for prcid in site.ledger.live_runs():
        with _part(site, f"run {prcid}"):
            mend(site, post, prcid, waiting)
    end_abandoned(site)


@contextmanager
def _part(site: Site, name: str) -> Iterator[None]:
    try:
        yield
    except (MapperError, SQLAlchemyError) as fault:
        site.tell(Event.RESCUE_FAILED, of=name, fault=code_of(fault))


def carry_out_stops(site: Site, post: Post) -> None:
    """Stop requests that were written straight into DMS_PRCREQ, or never carried out."""
    for prcid in site.ledger.carry_out_stops():
        site.tell(Event.STOP_ASKED, prcid=prcid)
        carry_out(site, prcid, post)


def send_unplanned(site: Site, post: Post) -> None:
    """Runs whose message was lost, whose coordinator is gone, or that wait for their target."""
    for prcid in site.ledger.take_unplanned(site.times.grace):
        run = site.ledger.run(prcid)
        site.tell(Event.RESCUED_RUN, prcid=prcid, mapref=run.job.mapref)
        post.execute(run)


def mend(site: Site, post: Post, prcid: int, waiting: int | None) -> None:
    """Send again what is overdue in a run that has a plan, and end it when it may."""
    run = site.ledger.run(prcid)
    if waiting is not None:
        _send_overdue(site, post, run, waiting)
    if run.status is RunStatus.STOPPING or site.ledger.may_end(prcid):
        finalize(site, prcid)
    else:
        target_lease.renew(site, run)


def _send_overdue(site: Site, post: Post, run: Run, waiting: int) -> None:
    """`waiting` messages stand before those of the run, so that they may take longer."""
    found = site.ledger.take_back(run.prcid, site.times.grace, waiting * site.times.waiting)
    if found.chunks or found.given_up:
        facts = {"left_behind": found.left_behind, "unheard": found.unheard}
        more = {"unsent": found.unsent, "given_up": found.given_up}
        site.tell(Event.RESCUED_CHUNKS, prcid=run.prcid, mapref=run.job.mapref, **facts, **more)
    if found.unsent and not target_lease.take_again(site, run):
        return
    left = found.chunks
    while left > 0 and (wave := site.ledger.dispatch(run.prcid, min(left, WAVE))):
        post.chunks(run, wave)
        left -= len(wave)


def end_abandoned(site: Site) -> None:
    """Runs that one process did by itself, and that process is gone: FAILED, to be resumed."""
    for prcid in site.ledger.unfinished_here():
        with _part(site, f"run {prcid}"):
            if site.ledger.abandoned(prcid, site.times.grace):
                _end_abandoned(site, site.ledger.run(prcid))


def _end_abandoned(site: Site, run: Run) -> None:
    why = str(RunAbandoned(f"run {run.prcid}: the process that loaded it is gone"))
    site.tell(Event.RUN_ABANDONED, prcid=run.prcid, mapref=run.job.mapref)
    if site.ledger.fail_planning(run.prcid, why):
        target_lease.release(site, run)
        return
    site.ledger.take_back(run.prcid, site.times.grace)  # who held its chunks is fenced
    if not site.ledger.may_end(run.prcid):
        site.ledger.cancel(run.prcid, why)
    finalize(site, run.prcid)
