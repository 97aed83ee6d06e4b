"""The lease of a run's target: one live run a table, kept in the target's own database."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.etl import lease, marker
from mapper_tasks.flow.events import Event
from mapper_tasks.model.errors import MapperError, MissingTable, TargetBusy, UnknownRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.dialects import Database
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Run


def take(site: Site, run: Run) -> None:
    """Hold the target for this run, or go on holding it. Raises TargetBusy or ForeignLedger."""
    target = site.databases(run.job.target.connection)
    marker.create(target)
    with target.writing() as writer:
        marker.clear_strangers(writer, run.prcid, run.run_key)
    name = _full_name(target, run)
    lease.take(target, name, run.prcid, run.run_key, over(site), site.times.lease)


def take_again(site: Site, run: Run) -> bool:
    """Whether the run holds its target, which one that is resumed has let go of.

    It ends when another run holds it.
    """
    try:
        take(site, run)
    except TargetBusy as fault:
        site.ledger.cancel(run.prcid, str(fault))
        return False
    return True


def _full_name(target: Database, run: Run) -> str:
    """The table's own name, so that two spellings of it are one lease."""
    with target.reading() as reader:
        shape = target.table(reader, run.job.target.table)
    if shape is None:
        raise MissingTable(f"target.table: {run.job.target.table!r} is gone")
    return shape.full_name


def over(site: Site) -> Callable[[int, str], bool | None]:
    """Asks the ledger whether a run has ended, by prcid and run_key."""

    def is_over(prcid: int, run_key: str) -> bool | None:
        """Whether that run has ended; None: this ledger does not know it."""
        try:
            holder = site.ledger.run(prcid)
        except UnknownRun:
            return None
        return holder.status.final if holder.run_key == run_key else None

    return is_over


def renew(site: Site, run: Run) -> None:
    """Go on holding the target. It lives through some renewals that fail."""
    with suppress(SQLAlchemyError, MapperError):
        lease.renew(site.databases(run.job.target.connection), run.run_key, site.times.lease)


def release(site: Site, run: Run) -> None:
    """Let go of the target. A lease of a run that is over hinders nobody of this ledger."""
    try:
        lease.release(site.databases(run.job.target.connection), run.run_key)
    except (SQLAlchemyError, MapperError) as fault:
        site.tell(Event.LEASE_KEPT, prcid=run.prcid, fault=type(fault).__name__)
