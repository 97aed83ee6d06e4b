"""`mapper errors`: the source rows that a run could not load."""

from __future__ import annotations

import click
from rich.text import Text

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.tables import listing


@click.command(cls=Command)
@click.argument("prcid", type=int)
@click.option("--limit", default=100, show_default=True, help="How many rows to show.")
@click.pass_obj
def errors(face: Face, prcid: int, limit: int) -> None:
    """Show the rows that run PRCID could not load.

    Key, error class and the database's own message. Their neighbours were loaded. Mend the rows
    in the source, then load them with `mapper replay PRCID`.

    \b
    Examples:
      mapper errors 42
      mapper errors 42 --json --limit 100000 > rejected.json
    """
    with open_site() as site:
        site.ledger.check()
        site.ledger.run(prcid)
        rows = site.ledger.row_errors(prcid, limit=limit)
    table = listing("error", "key", "what happened", "the database said")
    for row in rows:
        table.add_row(
            *[Text(str(row[name] or "")) for name in ("errtyp", "keyvalue", "errmsg", "dberrmsg")]
        )
    nothing = f"Run {prcid} rejected no row."
    face.show({"prcid": prcid, "errors": rows}, table if rows else nothing)
