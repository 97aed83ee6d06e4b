"""`mapper init`: the ledger's tables, created or upgraded."""

from __future__ import annotations

import click

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.site import ledger_address, open_site


@click.command(cls=Command)
@click.pass_obj
def init(face: Face) -> None:
    """Create or upgrade the ledger's tables.

    It may be run at any time. The ledger is the database of MAPPER_METADATA_URL, by default a
    SQLite file `mapper.db` in the working directory. It holds the runs, their chunks, row
    errors and checkpoints.

    \b
    Example:
      export MAPPER_METADATA_URL=postgresql+psycopg://mapper:secret@db/warehouse
      mapper init
    """
    with open_site() as site:
        revision = site.ledger.upgrade()
    address = ledger_address()
    told = f"The ledger {address} is at revision {revision}."
    face.show({"ledger": address, "revision": revision}, told)
