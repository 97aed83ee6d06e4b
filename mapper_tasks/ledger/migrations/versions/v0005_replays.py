"""Runs over the keys that another run rejected."""

from sqlalchemy import Column

from mapper_tasks.ledger.migrations.steps import add_column
from mapper_tasks.ledger.types import Number

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    add_column("dms_prclog", Column("replays", Number))
