"""Claims: the right to work on a chunk, held by a token and kept alive by beats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import and_, null, select, update

from mapper_tasks.ledger.records import chunk_of
from mapper_tasks.ledger.runs import lock, takes_chunks
from mapper_tasks.ledger.tables import prcchunk, prclog
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import UnknownRun, WorkersLost
from mapper_tasks.model.run import Chunk, Claim
from mapper_tasks.model.slices import Slice
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

# Of attempts that say how they ended: a database that is away for a quarter of an hour costs none
# of its runs.
MAX_ATTEMPTS = 50
# A chunk that ends its workers must not take one after another.
MAX_WORKERS_LOST = 5
ENDED = (ChunkStatus.APPLIED, ChunkStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a worker hears at each beat: is the claim still its own, must it end at once."""

    alive: bool
    stop: bool


def claim_chunk(
    connection: Connection, prcid: int, chunk_no: int, worker: str, lease_seconds: float
) -> Claim | Chunk | None:
    """The right to work on the chunk; the chunk itself if it has ended; None: not now.

    None: another worker holds a live claim, or the run takes no chunks (any more).
    """
    run = lock(connection, prcid)
    token = str(uuid4())
    if takes_chunks(run):
        claim = partial(_claim, connection, prcid, chunk_no, token, worker, lease_seconds)
        if claim() or (_take_from_the_lost(connection, of(prcid, chunk_no)) and claim()):
            return _claimed(row_of(connection, prcid, chunk_no), token)
    chunk = chunk_of(row_of(connection, prcid, chunk_no))
    return chunk if chunk.status in ENDED else None


def _claim(
    connection: Connection,
    prcid: int,
    chunk_no: int,
    token: str,
    worker: str,
    lease_seconds: float,
) -> bool:
    claimed = connection.execute(
        update(prcchunk)
        .where(of(prcid, chunk_no), prcchunk.c.status == ChunkStatus.PENDING)
        .values(
            status=ChunkStatus.RUNNING,
            token=token,
            attempt=prcchunk.c.attempt + 1,
            worker=worker,
            heartbeat=LedgerNow(),
            lease_until=LedgerNow(lease_seconds),
            strtdt=LedgerNow(),
            sends=0,
            error=null(),
        )
    )
    return claimed.rowcount == 1


def _take_from_the_lost(connection: Connection, which: ColumnElement[bool]) -> bool:
    """RUNNING to PENDING where the worker is gone, unless it was one too many: then to FAILED."""
    give_up(connection, which)
    taken = connection.execute(
        update(prcchunk)
        .where(which, left_behind())
        .values(status=ChunkStatus.PENDING, workers_lost=prcchunk.c.workers_lost + 1)
    )
    return taken.rowcount == 1


def give_up(connection: Connection, which: ColumnElement[bool]) -> int:
    """Chunks that have now lost MAX_WORKERS_LOST workers are FAILED."""
    lost = prcchunk.c.workers_lost + 1
    given_up = connection.execute(
        update(prcchunk)
        .where(which, left_behind(), lost >= MAX_WORKERS_LOST)
        .values(
            status=ChunkStatus.FAILED,
            token=null(),
            lease_until=null(),
            enddt=LedgerNow(),
            workers_lost=lost,
            error=str(WorkersLost(f"{MAX_WORKERS_LOST} worker processes ended while they had it")),
        )
    )
    return given_up.rowcount


def left_behind() -> ColumnElement[bool]:
    """RUNNING under a claim that has run out."""
    return and_(prcchunk.c.status == ChunkStatus.RUNNING, prcchunk.c.lease_until < LedgerNow())


def _claimed(row: Row[Any], token: str) -> Claim:
    return Claim(row.prcid, row.chunk_no, token, row.attempt, Slice.of_json(row.slice))


def beat(connection: Connection, claim: Claim, lease_seconds: float) -> Beat:
    """Extend the claim."""
    extended = connection.execute(
        update(prcchunk)
        .where(holds(claim))
        .values(heartbeat=LedgerNow(), lease_until=LedgerNow(lease_seconds))
    )
    stop_now = connection.scalar(select(prclog.c.stop_now).where(prclog.c.prcid == claim.prcid))
    return Beat(alive=extended.rowcount == 1, stop=bool(stop_now))


def look(connection: Connection, claim: Claim) -> Beat:
    """What a beat would hear, without writing anything."""
    token = select(prcchunk.c.token).where(holds(claim)).scalar_subquery()
    row = connection.execute(
        select(prclog.c.stop_now, token.label("token")).where(prclog.c.prcid == claim.prcid)
    ).one_or_none()
    return Beat(alive=row is not None and row.token is not None, stop=bool(row and row.stop_now))


def holds(claim: Claim) -> ColumnElement[bool]:
    """The chunk's row, only while it is RUNNING under this claim's token.

    What is not RUNNING has no lease. Asked by the lease, because a beat locks nothing but this
    row: a server that looked for it by its status would lock an index first, and then wait for
    who changes that status.
    """
    return and_(
        of(claim.prcid, claim.chunk_no),
        prcchunk.c.token == claim.token,
        prcchunk.c.lease_until.is_not(None),
    )


def of(prcid: int, chunk_no: int) -> ColumnElement[bool]:
    return and_(prcchunk.c.prcid == prcid, prcchunk.c.chunk_no == chunk_no)


def row_of(connection: Connection, prcid: int, chunk_no: int) -> Row[Any]:
    row = connection.execute(select(prcchunk).where(of(prcid, chunk_no))).one_or_none()
    if row is None:
        raise UnknownRun(f"run {prcid} has no chunk {chunk_no}")
    return row
