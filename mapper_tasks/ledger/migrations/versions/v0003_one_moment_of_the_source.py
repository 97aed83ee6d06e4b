"""The moment of its source that all chunks of a run read."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("dms_prclog", Column("moment", String(100)))
    op.add_column("dms_prclog", Column("moments", Integer, nullable=False, server_default="0"))
