"""How far a run is, at the price of two small queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mapper_tasks.ledger.records import chunk_of
from mapper_tasks.ledger.runs import run as run_row
from mapper_tasks.ledger.tables import prcchunk
from mapper_tasks.model.run import Chunk, Run
from mapper_tasks.model.status import ChunkStatus
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Progress:
    """A run with its chunks counted by status. `tally` is of the chunks applied so far."""

    run: Run
    chunks: dict[ChunkStatus, int]

    @property
    def tally(self) -> Tally:
        return self.run.tally

    @property
    def estimated_rows(self) -> int | None:
        return None if self.run.plan is None else self.run.plan.estimate.rows


def progress(connection: Connection, prcid: int) -> Progress:
    # The run's row is brought up to date with every chunk, so nothing is added up here.
    run = run_row(connection, prcid)
    return Progress(run, _count_by_status(connection, prcid))


def _count_by_status(connection: Connection, prcid: int) -> dict[ChunkStatus, int]:
    counted = connection.execute(
        select(prcchunk.c.status, func.count())
        .where(prcchunk.c.prcid == prcid)
        .group_by(prcchunk.c.status)
    )
    found = {ChunkStatus(status): int(count) for status, count in counted}
    return {status: found.get(status, 0) for status in ChunkStatus}


def chunks(connection: Connection, prcid: int) -> list[Chunk]:
    """The run's chunks in order; none before it is planned."""
    query = select(prcchunk).where(prcchunk.c.prcid == prcid).order_by(prcchunk.c.chunk_no)
    return [chunk_of(row) for row in connection.execute(query)]
