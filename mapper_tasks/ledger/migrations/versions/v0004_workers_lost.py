"""How many workers a chunk has lost, apart from its attempts."""

from sqlalchemy import Column, Integer

from mapper_tasks.ledger.migrations.steps import add_column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    lost = Column("workers_lost", Integer, nullable=False, server_default="0")
    add_column("dms_prcchunk", lost)
