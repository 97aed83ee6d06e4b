"""Runs, chunks, progress, row errors and requests."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
)

from mapper_tasks.ledger.migrations.steps import create_index, create_table
from mapper_tasks.ledger.types import Id, Json, LongText, Message, Moment, Number, Numbered

revision = "0001"
down_revision = None


def upgrade() -> None:
    _runs()
    _chunks()
    _progress()
    _row_errors()
    _requests()


def _number_of(name: str) -> Column[int]:
    return Column(name, Id, Numbered(), primary_key=True)


def _count(name: str) -> Column[int]:
    return Column(name, Number, nullable=False, server_default="0")


def _runs() -> None:
    create_table(
        "dms_prclog",
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
        Column("worker", String(255)),
        Column("token", String(36)),
        Column("lease_until", Moment),
        Column("cancelled", Message),
        Column("stop_now", Integer, nullable=False, server_default="0"),
        sqlite_autoincrement=True,
    )
    create_index("dms_prclog_mapref", "dms_prclog", ["mapref", "status", "prcid"])
    create_index("dms_prclog_request", "dms_prclog", ["request_key"], unique=True)


def _chunks() -> None:
    create_table(
        "dms_prcchunk",
        Column("prcid", Number, nullable=False),
        Column("chunk_no", Integer, nullable=False),
        Column("slice", Json, nullable=False),
        Column("status", String(10), nullable=False),
        Column("task_id", String(64)),
        Column("attempt", Integer, nullable=False, server_default="0"),
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
        Column("strtdt", Moment),
        Column("enddt", Moment),
        Column("error", Message),
        ForeignKeyConstraint(["prcid"], ["dms_prclog.prcid"]),
        PrimaryKeyConstraint("prcid", "chunk_no"),
    )
    create_index(
        "dms_prcchunk_open", "dms_prcchunk", ["prcid", "status", "dispatched_at", "chunk_no"]
    )


def _progress() -> None:
    create_table(
        "dms_joblog",
        _number_of("joblogid"),
        Column("prcdt", Moment, nullable=False),
        Column("mapref", String(100)),
        Column("jobid", Number),
        _count("srcrows"),
        _count("trgrows"),
        _count("errrows"),
        Column("prcid", Number, nullable=False),
        Column("sessionid", String(100)),
        Column("reccrdt", Moment, nullable=False),
        Column("chunk_no", Integer),
        sqlite_autoincrement=True,
    )
    create_index("dms_joblog_chunk", "dms_joblog", ["prcid", "chunk_no"], unique=True)


def _row_errors() -> None:
    create_table(
        "dms_joberr",
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
        Column("mapref", String(100)),
        Column("chunk_no", Integer),
        sqlite_autoincrement=True,
    )
    create_index("dms_joberr_chunk", "dms_joberr", ["prcid", "chunk_no"])


def _requests() -> None:
    create_table(
        "dms_prcreq",
        _number_of("request_id"),
        Column("mapref", String(100)),
        Column("prcid", Number),
        Column("request_type", String(20), nullable=False),
        Column("payload", Json),
        Column("status", String(10), server_default="NEW", nullable=False),
        Column("requested_at", Moment),
        Column("completed_at", Moment),
        sqlite_autoincrement=True,
    )
    create_index("dms_prcreq_run", "dms_prcreq", ["prcid"])
    create_index("dms_prcreq_status", "dms_prcreq", ["status", "request_id"])
