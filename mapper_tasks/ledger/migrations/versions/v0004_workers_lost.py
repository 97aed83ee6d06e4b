"""How many workers a chunk has lost, apart from its attempts."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    lost = Column("workers_lost", Integer, nullable=False, server_default="0")
    op.add_column("dms_prcchunk", lost)
