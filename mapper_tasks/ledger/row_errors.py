"""Row errors: written before their chunk is committed, and only by who holds its claim."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update

from mapper_tasks.ledger.claims import holds
from mapper_tasks.ledger.runs import lock
from mapper_tasks.ledger.tables import joberr, prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import ClaimLost
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from mapper_tasks.model.run import Claim, RowError

# A chunk that waits to be tried again may still have the row errors of an attempt undone.
COUNTED = (ChunkStatus.RUNNING, ChunkStatus.APPLIED)


def record_row_errors(
    connection: Connection, claim: Claim, errors: Sequence[RowError], limit: int | None
) -> str | None:
    """Replace the chunk's row errors. Returns why the run is now cancelled, if it is.

    It is cancelled when its row errors are more than `limit`; of those, one more than the limit
    is written. Raises ClaimLost (MAP-5007).
    """
    run = lock(connection, claim.prcid)
    if connection.scalar(select(prcchunk.c.chunk_no).where(holds(claim))) is None:
        raise ClaimLost(f"chunk {claim.chunk_no} of run {claim.prcid}: the claim is not ours")
    connection.execute(
        delete(joberr).where(joberr.c.prcid == claim.prcid, joberr.c.chunk_no == claim.chunk_no)
    )
    room = None if limit is None else limit - _count(connection, claim.prcid)
    kept = errors if room is None else errors[: max(room, 0) + 1]
    if kept:
        _insert(connection, run, claim, kept)
    if room is None or len(errors) <= max(room, 0):
        return None
    return cancel(connection, claim.prcid, f"more than {limit} source rows were rejected")


def _count(connection: Connection, prcid: int) -> int:
    of_chunk = and_(joberr.c.prcid == prcchunk.c.prcid, joberr.c.chunk_no == prcchunk.c.chunk_no)
    query = (
        select(func.count())
        .select_from(joberr.join(prcchunk, of_chunk))
        .where(joberr.c.prcid == prcid, prcchunk.c.status.in_(COUNTED))
    )
    return int(connection.scalar(query) or 0)


def _insert(
    connection: Connection, run: Row[Any], claim: Claim, errors: Sequence[RowError]
) -> None:
    of_chunk = insert(joberr).values(
        prcdt=LedgerNow(),
        jobid=run.jobid,
        sessionid=run.sessionid,
        prcid=claim.prcid,
        mapref=run.mapref,
        chunk_no=claim.chunk_no,
    )
    connection.execute(of_chunk, [asdict(error) for error in errors])


def cancel(connection: Connection, prcid: int, reason: str) -> str:
    """No further chunk of the run starts; it ends as FAILED, for this reason."""
    connection.execute(
        update(prclog).where(prclog.c.prcid == prcid).values(cancelled=reason, recupdt=LedgerNow())
    )
    return reason


def row_errors(connection: Connection, prcid: int, limit: int | None) -> list[dict[str, Any]]:
    """The run's row errors in order of chunks, each a dict by column name."""
    query = (
        select(joberr)
        .where(joberr.c.prcid == prcid)
        .order_by(joberr.c.chunk_no, joberr.c.errid)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def rejected_keys(connection: Connection, prcid: int) -> list[str]:
    """The keys in the run's row errors, each once, in the order of their texts."""
    found = connection.scalars(select(joberr.c.keyvalue).where(joberr.c.prcid == prcid))
    return sorted({key for key in found if key is not None})  # long texts have no DISTINCT
