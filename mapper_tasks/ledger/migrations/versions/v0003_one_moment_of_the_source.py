"""The moment of its source that all chunks of a run read."""

from sqlalchemy import Column, Integer, String

from mapper_tasks.ledger.migrations.steps import add_column

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add_column("dms_prclog", Column("moment", String(100)))
    add_column("dms_prclog", Column("moments", Integer, nullable=False, server_default="0"))
