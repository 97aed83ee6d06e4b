"""Runs migrations on the connection that the ledger hands in, within its transaction."""

from alembic import context

from mapper_tasks.ledger.schema import VERSION_TABLE
from mapper_tasks.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
