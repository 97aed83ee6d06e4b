"""What rescue asks the ledger: whose worker is gone, which message was lost, what never began.

Each answer is a comparison and a change in one, so that several workers may ask at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, null, or_, select, true, update

from mapper_tasks.ledger.chunks import fence_left_behind
from mapper_tasks.ledger.claims import give_up
from mapper_tasks.ledger.plan import unclaimed
from mapper_tasks.ledger.runs import ALIVE, lock, takes_chunks
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

MOST_DOUBLINGS = 5  # of the grace; half an hour with the usual one


@dataclass(frozen=True, slots=True)
class Overdue:
    """A run's chunks that are to be sent again, by reason, and how many were given up."""

    left_behind: int = 0  # their worker is gone
    unheard: int = 0  # sent, and not begun for too long
    unsent: int = 0  # whoever was to send them is gone
    given_up: int = 0

    @property
    def chunks(self) -> int:
        return self.left_behind + self.unheard + self.unsent


def live_runs(connection: Connection) -> list[int]:
    """The runs that have a plan or a stop to carry out, the oldest first, but for those `here`."""
    query = select(prclog.c.prcid).where(prclog.c.status.in_(ALIVE), prclog.c.here == 0)
    return list(connection.scalars(query.order_by(prclog.c.prcid)))


def take_unplanned(connection: Connection, grace: float) -> list[int]:
    """PENDING runs that nobody plans and whose message is overdue, for the caller to send.

    The next time they are overdue is then twice as far away.
    """
    query = select(prclog.c.prcid, prclog.c.sends).where(_is_unplanned(grace))
    return [
        prcid
        for prcid, sends in connection.execute(query.order_by(prclog.c.prcid)).all()
        if _take_unplanned(connection, prcid, sends, grace)
    ]


def _is_unplanned(grace: float) -> ColumnElement[bool]:
    overdue = or_(
        prclog.c.due_at < LedgerNow(),
        and_(prclog.c.due_at.is_(None), prclog.c.recupdt < LedgerNow(-grace)),
    )
    return and_(prclog.c.status == RunStatus.PENDING, prclog.c.here == 0, unclaimed(), overdue)


def _take_unplanned(connection: Connection, prcid: int, sends: int, grace: float) -> bool:
    again_in = grace * 2 ** min(sends + 1, MOST_DOUBLINGS)
    taken = connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid, prclog.c.sends == sends, _is_unplanned(grace))
        .values(sends=sends + 1, due_at=LedgerNow(again_in))
    )
    return taken.rowcount == 1


def take_back(connection: Connection, prcid: int, grace: float, backlog: float) -> Overdue:
    """Make the run's overdue chunks undispatched, and count them; dispatch takes them from there.

    A chunk that was sent is overdue `backlog` seconds after its grace, which doubles with each
    time it is sent.
    """
    run = lock(connection, prcid)
    unsent = _unsent(connection, prcid, grace) if takes_chunks(run) else 0
    given_up = give_up(connection, prcchunk.c.prcid == prcid)
    left = fence_left_behind(connection, prcid)
    if not takes_chunks(run):
        return Overdue(given_up=given_up)
    return Overdue(left, _recall(connection, prcid, grace, backlog), unsent, given_up)


def _unsent(connection: Connection, prcid: int, grace: float) -> int:
    """How many chunks wait to be sent in a run where nothing has happened for a while."""
    since = func.coalesce(prcchunk.c.heartbeat, prclog.c.recupdt)
    quiet = and_(since < LedgerNow(-grace), prclog.c.recupdt < LedgerNow(-grace))
    query = (
        select(func.count())
        .select_from(prcchunk.join(prclog, prclog.c.prcid == prcchunk.c.prcid))
        .where(
            prcchunk.c.prcid == prcid,
            prcchunk.c.status == ChunkStatus.PENDING,
            prcchunk.c.dispatched_at.is_(None),
            quiet,
        )
    )
    return int(connection.scalar(query) or 0)


def _recall(connection: Connection, prcid: int, grace: float, backlog: float) -> int:
    recalled = connection.execute(
        update(prcchunk)
        .where(
            prcchunk.c.prcid == prcid,
            prcchunk.c.status == ChunkStatus.PENDING,
            _is_unheard(grace, backlog),
        )
        .values(dispatched_at=null(), task_id=null())
    )
    return recalled.rowcount


def _is_unheard(grace: float, backlog: float) -> ColumnElement[bool]:
    """Sent, and not begun within grace, 2 graces, 4, ...: by how often it was sent."""
    return or_(
        *[
            and_(
                prcchunk.c.sends <= doublings + 1 if doublings < MOST_DOUBLINGS else true(),
                prcchunk.c.dispatched_at < LedgerNow(-grace * 2**doublings - backlog),
            )
            for doublings in range(MOST_DOUBLINGS + 1)
        ]
    )


def abandoned(connection: Connection, prcid: int, grace: float) -> bool:
    """Whether the process that does the run by itself has not been heard of for too long."""
    forgotten = or_(
        prclog.c.lease_until < LedgerNow(),
        and_(prclog.c.token.is_(None), prclog.c.recupdt < LedgerNow(-grace)),
    )
    query = select(prclog.c.prcid).where(prclog.c.prcid == prcid, prclog.c.here != 0, forgotten)
    return connection.scalar(query) is not None


def unfinished_here(connection: Connection) -> list[int]:
    """The runs that one process does by itself and that have not ended."""
    query = select(prclog.c.prcid).where(
        prclog.c.here != 0, prclog.c.status.in_((RunStatus.PENDING, *ALIVE))
    )
    return list(connection.scalars(query))
