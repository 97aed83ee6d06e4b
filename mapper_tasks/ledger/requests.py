"""Requests: what people ask of a run, in writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from mapper_tasks.ledger.runs import lock
from mapper_tasks.ledger.tables import prclog, prcreq
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import RunOver
from mapper_tasks.model.status import RequestStatus, RequestType, RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNDONE = (RequestStatus.NEW, RequestStatus.CLAIMED)


def request_stop(connection: Connection, prcid: int, *, now: bool) -> None:
    """PENDING or RUNNING to STOPPING: nothing of the run starts after this commits.

    `now`: what runs is asked to end at its next beat too. Asking again adds only that. Raises
    RunOver (MAP-5005) when the run has its final status.
    """
    run = lock(connection, prcid)
    if RunStatus(run.status).final:
        raise RunOver(f"run {prcid} is {run.status} already")
    connection.execute(
        insert(prcreq).values(
            mapref=run.mapref,
            prcid=prcid,
            request_type=RequestType.STOP,
            payload={"now": now},
            status=RequestStatus.NEW,
            requested_at=LedgerNow(),
        )
    )
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == prcid)
        .values(
            status=RunStatus.STOPPING,
            stop_now=int(now or run.stop_now),
            recupdt=LedgerNow(),
        )
    )


def complete_requests(connection: Connection, prcid: int) -> None:
    """The run has ended: whatever was asked of it is done."""
    connection.execute(
        update(prcreq)
        .where(prcreq.c.prcid == prcid, prcreq.c.status.in_(UNDONE))
        .values(status=RequestStatus.DONE, completed_at=LedgerNow())
    )
