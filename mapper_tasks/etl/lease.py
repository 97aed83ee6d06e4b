"""One live run per target table.

The lease is kept where the target is, so that two names of one database cannot hide from each
other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mapper_tasks.etl.marker import LEASES
from mapper_tasks.model.errors import TargetBusy

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from mapper_tasks.dialects import Database

IsOver = Callable[[int, str], "bool | None"]


def take(
    database: Database,
    target: str,
    prcid: int,
    run_key: str,
    is_over: IsOver,
    seconds: float,
) -> None:
    """Hold the lease of `target` (schema.name) for the run, or go on holding it.

    A lease that another run holds is taken over when `is_over(prcid, run_key)` says that run has
    ended, or, where it does not know the run (None: another ledger's), when it has run out.
    Raises TargetBusy (MAP-5003).
    """
    try:
        _take(database, target, prcid, run_key, is_over, seconds)
    except IntegrityError:
        # Another run took it between our look and our insert.
        _take(database, target, prcid, run_key, is_over, seconds)


def _take(
    database: Database,
    target: str,
    prcid: int,
    run_key: str,
    is_over: IsOver,
    seconds: float,
) -> None:
    with database.writing() as writer:
        now = database.clock(writer)
        mine = {"prcid": prcid, "run_key": run_key, "expires_at": now + timedelta(seconds=seconds)}
        holder = writer.execute(select(LEASES).where(LEASES.c.target == target)).one_or_none()
        if holder is None:
            writer.execute(insert(LEASES).values(target=target, **mine))
            return
        if holder.run_key != run_key and not _free(holder, now, is_over):
            raise TargetBusy(f"target {target!r} is being loaded by run {holder.prcid}")
        held_by = LEASES.c.run_key == holder.run_key
        taken = update(LEASES).where(LEASES.c.target == target, held_by).values(**mine)
        if not writer.execute(taken).rowcount:
            raise TargetBusy(f"target {target!r} was taken by another run at this moment")


def _free(
    holder: Row[tuple[object, ...]],
    now: datetime,
    is_over: IsOver,
) -> bool:
    over = is_over(holder.prcid, holder.run_key)
    if over is None:
        return bool(holder.expires_at < now)
    return over


def renew(database: Database, run_key: str, seconds: float) -> None:
    """Keep what the run holds in this database for as long again. May fail: others renew too."""
    with database.hasty() as writer:
        until = database.clock(writer) + timedelta(seconds=seconds)
        mine = LEASES.c.run_key == run_key
        writer.execute(update(LEASES).where(mine).values(expires_at=until))


def release(database: Database, run_key: str) -> None:
    """Let go of whatever the run holds in this database."""
    with database.writing() as writer:
        writer.execute(delete(LEASES).where(LEASES.c.run_key == run_key))
