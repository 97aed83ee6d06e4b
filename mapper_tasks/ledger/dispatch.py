"""Dispatch: which chunks are sent now, each under a task id of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import bindparam, func, select, update

from mapper_tasks.ledger.runs import lock, takes_chunks
from mapper_tasks.ledger.tables import prcchunk
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

OPEN = (ChunkStatus.PENDING, ChunkStatus.RUNNING)


def dispatch(connection: Connection, prcid: int, limit: int) -> list[tuple[int, str]]:
    """Take up to `limit` undispatched chunks, as (chunk_no, task_id), for the caller to send.

    No more of the run's chunks are on their way or at work than its plan's `max_workers`. The
    task ids are fresh: one that was revoked once is refused for ever.
    """
    run = lock(connection, prcid)
    room = min(limit, _room(connection, run)) if takes_chunks(run) else 0
    if room <= 0:
        return []
    taken = [(chunk_no, str(uuid4())) for chunk_no in _undispatched(connection, prcid, room)]
    if taken:
        connection.execute(
            update(prcchunk)
            .where(prcchunk.c.prcid == prcid, prcchunk.c.chunk_no == bindparam("of_chunk"))
            .values(
                task_id=bindparam("new_task_id"),
                dispatched_at=LedgerNow(),
                sends=prcchunk.c.sends + 1,
            ),
            [{"of_chunk": chunk_no, "new_task_id": task_id} for chunk_no, task_id in taken],
        )
    return taken


def _room(connection: Connection, run: Row[Any]) -> int:
    """How many more chunks of the run may be under way."""
    if run.max_workers is None:
        return int(run.chunks)
    under_way = connection.scalar(
        select(func.count())
        .select_from(prcchunk)
        .where(
            prcchunk.c.prcid == run.prcid,
            prcchunk.c.status.in_(OPEN),
            prcchunk.c.dispatched_at.is_not(None),
        )
    )
    return int(run.max_workers - (under_way or 0))


def _undispatched(connection: Connection, prcid: int, limit: int) -> list[int]:
    query = (
        select(prcchunk.c.chunk_no)
        .where(
            prcchunk.c.prcid == prcid,
            prcchunk.c.status == ChunkStatus.PENDING,
            prcchunk.c.dispatched_at.is_(None),
        )
        .order_by(prcchunk.c.chunk_no)
        .limit(limit)
    )
    return list(connection.scalars(query))


def outstanding_task_ids(connection: Connection, prcid: int) -> list[str]:
    """The task ids of the chunks that were sent and have not ended."""
    query = (
        select(prcchunk.c.task_id)
        .where(
            prcchunk.c.prcid == prcid,
            prcchunk.c.status.in_(OPEN),
            prcchunk.c.task_id.is_not(None),
        )
        .order_by(prcchunk.c.chunk_no)
    )
    return list(connection.scalars(query))
