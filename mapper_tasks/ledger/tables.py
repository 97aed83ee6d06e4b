"""The DMS_ tables as SQLAlchemy knows them. Lower case: no database then needs quotes."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

from mapper_tasks.ledger.types import (
    TABLE_OPTIONS,
    Id,
    Json,
    LongText,
    Message,
    Moment,
    Number,
    Numbered,
)
from mapper_tasks.model.status import RequestStatus

metadata = MetaData()


def _number_of(name: str) -> Column[int]:
    return Column(name, Id, Numbered(), primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, Number, nullable=False, default=0, server_default="0")


def _mapref() -> Column[str]:
    return Column("mapref", String(100))


prclog = Table(
    "dms_prclog",
    metadata,
    _number_of("prcid"),
    Column("sessionid", String(100)),
    Column("jobid", Number),
    Column("mapref", String(100), nullable=False),
    Column("status", String(10), nullable=False),
    Column("strtdt", Moment),
    Column("enddt", Moment),
    Column("param1", LongText),
    _count("srcrows"),
    _count("trgrows"),
    _count("errrows"),
    Column("prclog", Message),
    Column("reccrdt", Moment, nullable=False),
    Column("recupdt", Moment, nullable=False),
    Column("run_key", String(36), nullable=False),
    Column("request_key", String(100)),
    Column("jobspec", Json, nullable=False),
    Column("plan", Json),
    _count("chunks"),
    Column("est_rows", Number),
    Column("max_workers", Integer),
    _count("inserted"),
    _count("updated"),
    _count("expired"),
    _count("unchanged"),
    Column("worker", String(255)),  # the coordinator, while it plans
    Column("token", String(36)),
    Column("lease_until", Moment),
    Column("cancelled", Message),  # why no chunk may start any more; null: they may
    Column("stop_now", Integer, nullable=False, default=0, server_default="0"),
    Column("sends", Integer, nullable=False, default=0, server_default="0"),  # by rescue, in vain
    Column("due_at", Moment),  # when rescue sends the PENDING run again; null: after its grace
    Column("wait_for_target", Integer, nullable=False, default=0, server_default="0"),
    Column("here", Integer, nullable=False, default=0, server_default="0"),  # one process does all
    Column("replays", Number),  # the run whose row errors this one goes over
    Column("moment", String(100)),  # of the source, that all chunks read, while it is kept
    Column("moments", Integer, nullable=False, default=0, server_default="0"),  # read by chunks
    Index("dms_prclog_mapref", "mapref", "status", "prcid"),
    Index("dms_prclog_request", "request_key", unique=True),
    **TABLE_OPTIONS,
    sqlite_autoincrement=True,  # a prcid is never used again: markers in targets carry it
)

prcchunk = Table(
    "dms_prcchunk",
    metadata,
    Column("prcid", Number, ForeignKey("dms_prclog.prcid"), nullable=False),
    Column("chunk_no", Integer, nullable=False),
    Column("slice", Json, nullable=False),
    Column("status", String(10), nullable=False),
    Column("task_id", String(64)),
    Column("attempt", Integer, nullable=False, default=0, server_default="0"),
    Column("worker", String(255)),
    Column("heartbeat", Moment),
    _count("source"),
    _count("inserted"),
    _count("updated"),
    _count("expired"),
    _count("unchanged"),
    _count("rejected"),
    Column("seconds", Json),
    Column("est_rows", Number),
    Column("token", String(36)),
    Column("lease_until", Moment),
    Column("dispatched_at", Moment),
    Column("sends", Integer, nullable=False, default=0, server_default="0"),  # since it last began
    Column("workers_lost", Integer, nullable=False, default=0, server_default="0"),  # at this chunk
    Column("strtdt", Moment),
    Column("enddt", Moment),
    Column("error", Message),
    PrimaryKeyConstraint("prcid", "chunk_no"),
    # The next chunk to dispatch is found here without passing those that are done.
    Index("dms_prcchunk_open", "prcid", "status", "dispatched_at", "chunk_no"),
    **TABLE_OPTIONS,
)

joblog = Table(
    "dms_joblog",
    metadata,
    _number_of("joblogid"),
    Column("prcdt", Moment, nullable=False),
    _mapref(),
    Column("jobid", Number),
    _count("srcrows"),
    _count("trgrows"),
    _count("errrows"),
    Column("prcid", Number, nullable=False),
    Column("sessionid", String(100)),
    Column("reccrdt", Moment, nullable=False),
    Column("chunk_no", Integer),
    Index("dms_joblog_chunk", "prcid", "chunk_no", unique=True),
    **TABLE_OPTIONS,
    sqlite_autoincrement=True,
)

joberr = Table(
    "dms_joberr",
    metadata,
    _number_of("errid"),
    Column("joblogid", Number),
    Column("prcdt", Moment, nullable=False),
    Column("errtyp", String(20), nullable=False),
    Column("errmsg", Message),
    Column("dberrmsg", Message),
    Column("keyvalue", Message),
    Column("jobid", Number),
    Column("sessionid", String(100)),
    Column("prcid", Number, nullable=False),
    _mapref(),
    Column("chunk_no", Integer),
    Index("dms_joberr_chunk", "prcid", "chunk_no"),
    **TABLE_OPTIONS,
    sqlite_autoincrement=True,
)

prcreq = Table(
    "dms_prcreq",
    metadata,
    _number_of("request_id"),
    _mapref(),
    Column("prcid", Number),
    Column("request_type", String(20), nullable=False),
    Column("payload", Json),
    Column("status", String(10), nullable=False, server_default=RequestStatus.NEW),
    Column("requested_at", Moment),
    Column("completed_at", Moment),
    Column("message", Message),  # why it was refused
    Index("dms_prcreq_status", "status", "request_id"),
    Index("dms_prcreq_run", "prcid"),
    **TABLE_OPTIONS,
    sqlite_autoincrement=True,
)
