"""The one moment of its source that the chunks of a run read, for as long as somebody keeps it.

The keeper offers it, and keeps it while it is the run's; the run has none any more once it is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, exists, null, select, update

from mapper_tasks.ledger.plan import held_by
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection


def moment(connection: Connection, prcid: int) -> str | None:
    return connection.scalar(select(prclog.c.moment).where(prclog.c.prcid == prcid))


def forget_moment(connection: Connection, prcid: int, token: str) -> None:
    """The PENDING run waits for another moment; only its coordinator can say so."""
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.status == RunStatus.PENDING, held_by(token))
        .values(moment=null())
    )


def offer_moment(connection: Connection, prcid: int, offered: str) -> bool:
    """It is the run's moment now; False: the run has one, or is PENDING no more."""
    taken = connection.execute(
        update(prclog)
        .where(
            prclog.c.prcid == prcid,
            prclog.c.status == RunStatus.PENDING,
            prclog.c.moment.is_(None),
        )
        .values(moment=offered)
    )
    return taken.rowcount == 1


def lose_moment(connection: Connection, prcid: int, lost: str, reason: str) -> bool:
    """No further chunk of the run starts, which ends as FAILED; False: it is not its moment."""
    cancelled = connection.execute(
        update(prclog)
        .where(
            prclog.c.prcid == prcid,
            prclog.c.status == RunStatus.RUNNING,
            prclog.c.moment == lost,
            prclog.c.cancelled.is_(None),
        )
        .values(cancelled=reason, recupdt=LedgerNow())
    )
    return cancelled.rowcount == 1


def go_on(connection: Connection, prcid: int, token: str) -> bool:
    """PENDING to RUNNING for a run that has a plan, and now another moment.

    False: it is PENDING no more, has no moment, or another coordinator holds it.
    """
    applied = exists().where(prcchunk.c.prcid == prcid, prcchunk.c.status == ChunkStatus.APPLIED)
    gone_on = connection.execute(
        update(prclog)
        .where(
            prclog.c.prcid == prcid,
            prclog.c.status == RunStatus.PENDING,
            prclog.c.plan.is_not(None),
            prclog.c.moment.is_not(None),
            held_by(token),
        )
        .values(
            status=RunStatus.RUNNING,
            moments=case((applied, prclog.c.moments + 1), else_=1),
            token=null(),
            lease_until=null(),
            prclog=null(),
            recupdt=LedgerNow(),
        )
    )
    return gone_on.rowcount == 1
