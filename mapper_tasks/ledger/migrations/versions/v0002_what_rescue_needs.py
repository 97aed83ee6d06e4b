"""How often a message was sent, who may take a run over, and answers to requests."""

from sqlalchemy import Column, Integer

from mapper_tasks.ledger.migrations.steps import add_column
from mapper_tasks.ledger.types import Message, Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table, name in (
        ("dms_prclog", "sends"),
        ("dms_prclog", "wait_for_target"),
        ("dms_prclog", "here"),
        ("dms_prcchunk", "sends"),
    ):
        add_column(table, Column(name, Integer, nullable=False, server_default="0"))
    add_column("dms_prclog", Column("due_at", Moment))
    add_column("dms_prcreq", Column("message", Message))
