"""Runs over the keys that another run rejected."""

from alembic import op
from sqlalchemy import Column

from mapper_tasks.ledger.types import Number

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("dms_prclog", Column("replays", Number))
