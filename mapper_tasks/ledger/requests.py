"""Requests: what people ask of a run, in writing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, null, select, type_coerce, update

from mapper_tasks.ledger.runs import ALIVE, lock
from mapper_tasks.ledger.tables import prclog, prcreq
from mapper_tasks.ledger.types import LedgerNow, LongText
from mapper_tasks.model.errors import RunOver
from mapper_tasks.model.status import RequestStatus, RequestType, RunStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row, Select

UNDONE = (RequestStatus.NEW, RequestStatus.CLAIMED)
STOPPABLE = (RunStatus.PENDING, *ALIVE)


def request_stop(connection: Connection, prcid: int, *, now: bool) -> None:
    """PENDING or RUNNING to STOPPING: nothing of the run starts after this commits.

    `now`: what runs is asked to end at once too. Asking again adds only that. Raises RunOver
    (MAP-5005) when the run has its final status.
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
    _stop(connection, run, now=now)


def _stop(connection: Connection, run: Row[Any], *, now: bool) -> None:
    connection.execute(
        update(prclog)
        .where(prclog.c.prcid == run.prcid)
        .values(
            status=RunStatus.STOPPING,
            stop_now=int(now or run.stop_now),
            recupdt=LedgerNow(),
        )
    )


def new_stops(connection: Connection) -> list[int]:
    """The stop requests that nobody has taken up, whoever wrote them and in whatever case."""
    query = (
        select(prcreq.c.request_id)
        .where(
            func.upper(prcreq.c.status) == RequestStatus.NEW,
            func.upper(prcreq.c.request_type) == RequestType.STOP,
        )
        .order_by(prcreq.c.request_id)
    )
    return list(connection.scalars(query))


def carry_out_stop(connection: Connection, request_id: int) -> list[int]:
    """Stop what the request names: its run, or without one the live runs of its mapref.

    Returns the runs, whose task ids are then to be revoked. NEW to CLAIMED, and DONE when the run
    ends; FAILED with the reason, when there is nothing to stop.
    """
    request = connection.execute(_as_written(request_id)).one()
    found = _locked(connection, request)
    if not _settle(connection, request_id, RequestStatus.CLAIMED, None):
        return []
    try:
        now = _is_now(request.payload)
        alive = _asked_for(request, found)
    except ValueError as fault:
        _settle(
            connection, request_id, RequestStatus.FAILED, str(fault), since=RequestStatus.CLAIMED
        )
        return []
    for run in alive:
        _stop(connection, run, now=now)
    return [run.prcid for run in alive]


def _as_written(request_id: int) -> Select[Any]:
    """The request with its payload as bare text: a stranger may have written anything."""
    payload = type_coerce(prcreq.c.payload, LongText).label("payload")
    return select(prcreq.c.request_id, prcreq.c.prcid, prcreq.c.mapref, payload).where(
        prcreq.c.request_id == request_id
    )


def _is_now(payload: str | None) -> bool:
    try:
        said = json.loads(payload) if payload and payload.strip() else {}
    except ValueError:
        said = None
    now = said.get("now", False) if isinstance(said, dict) else None
    if now not in (True, False):
        raise ValueError('payload: expected a JSON object such as {"now": true}, or nothing')
    return bool(now)


def _locked(connection: Connection, request: Row[Any]) -> list[Row[Any]]:
    """The runs that the request names, in order: nobody ends one of them meanwhile."""
    named = prclog.c.mapref == request.mapref
    if request.prcid is not None:
        named = prclog.c.prcid == request.prcid
    else:
        named = and_(named, prclog.c.status.in_(STOPPABLE))
    prcids = connection.scalars(select(prclog.c.prcid).where(named).order_by(prclog.c.prcid)).all()
    return [lock(connection, prcid) for prcid in prcids]


def _asked_for(request: Row[Any], found: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those of the runs that are to stop. Raises ValueError when there are none."""
    if request.prcid is None and request.mapref is None:
        raise ValueError("expected a prcid or a mapref")
    alive = [run for run in found if run.status in STOPPABLE]
    if not alive:
        raise ValueError(_why_none(request, found))
    return alive


def _why_none(request: Row[Any], found: Sequence[Row[Any]]) -> str:
    if request.prcid is None:
        return f"no run of {request.mapref} is alive"
    if not found:
        return f"there is no run {request.prcid}"
    return f"run {request.prcid} is {found[0].status} already"


def _settle(
    connection: Connection,
    request_id: int,
    status: RequestStatus,
    message: str | None,
    since: RequestStatus = RequestStatus.NEW,
) -> bool:
    settled = connection.execute(
        update(prcreq)
        .where(prcreq.c.request_id == request_id, func.upper(prcreq.c.status) == since)
        .values(
            status=status,
            message=message,
            completed_at=LedgerNow() if status is RequestStatus.FAILED else null(),
        )
    )
    return settled.rowcount == 1


def complete_requests(connection: Connection, prcid: int) -> None:
    """The run has ended: whatever was asked of it is done."""
    connection.execute(
        update(prcreq)
        .where(prcreq.c.prcid == prcid, prcreq.c.status.in_(UNDONE))
        .values(status=RequestStatus.DONE, completed_at=LedgerNow())
    )
