"""DMS_CHUNKMARK in the target: the row that says "this chunk is applied".

It is written first in the chunk's transaction, so that of two attempts at one chunk the second
waits for the first, and then finds it done.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects.columns import Instant, Name, ShortJson
from mapper_tasks.model.errors import ForeignLedger
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from mapper_tasks.dialects import Database

METADATA = MetaData()

MARKERS = Table(
    "dms_chunkmark",
    METADATA,
    Column("prcid", BigInteger, primary_key=True, autoincrement=False),
    Column("chunk_no", Integer, primary_key=True, autoincrement=False),
    Column("tally", ShortJson),
    Column("applied_at", Instant()),
    Column("run_key", String(36), nullable=False),
)

LEASES = Table(
    "dms_targetlease",
    METADATA,
    Column("target", Name, primary_key=True),
    Column("prcid", BigInteger, nullable=False),
    Column("run_key", String(36), nullable=False),
    Column("expires_at", Instant(), nullable=False),
)


def create(database: Database) -> None:
    """Make mapper's own tables in the target where they are missing; harmless when raced."""
    try:
        METADATA.create_all(database.engine)
    except DBAPIError:
        METADATA.create_all(database.engine)


def claim(
    writer: Connection, prcid: int, chunk_no: int, run_key: str, applied_at: datetime
) -> None:
    """Write the marker, its tally still empty. Fails as a duplicate when it stands already."""
    writer.execute(
        insert(MARKERS).values(
            prcid=prcid, chunk_no=chunk_no, run_key=run_key, applied_at=applied_at
        )
    )


def complete(writer: Connection, prcid: int, chunk_no: int, tally: Tally) -> None:
    text = json.dumps(tally.as_dict())
    writer.execute(update(MARKERS).where(_is(prcid, chunk_no)).values(tally=text))


def read(reader: Connection, prcid: int, chunk_no: int, run_key: str) -> Tally | None:
    """The tally of the chunk when it is applied, else None."""
    row = reader.execute(
        select(MARKERS.c.tally).where(_is(prcid, chunk_no), MARKERS.c.run_key == run_key)
    ).one_or_none()
    return None if row is None or row.tally is None else Tally.of(json.loads(row.tally))


def clear_strangers(writer: Connection, prcid: int, run_key: str) -> None:
    """Forget markers of this run number that another ledger left behind.

    Raises ForeignLedger (MAP-5004) while a run of that ledger holds a lease here.
    """
    live = writer.execute(
        select(func.count())
        .select_from(LEASES)
        .where(LEASES.c.prcid == prcid, LEASES.c.run_key != run_key)
    ).scalar_one()
    if live:
        raise ForeignLedger(f"run {prcid} of another ledger is loading a table of this database")
    writer.execute(delete(MARKERS).where(MARKERS.c.prcid == prcid, MARKERS.c.run_key != run_key))


def _is(prcid: int, chunk_no: int) -> ColumnElement[bool]:
    return and_(MARKERS.c.prcid == prcid, MARKERS.c.chunk_no == chunk_no)
