"""`mapper verify`: the audit of a job's target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from mapper_tasks.cli.frame import Command, Exit, Face
from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.tables import count, listing
from mapper_tasks.etl.verify import audit

if TYPE_CHECKING:
    from rich.table import Table

    from mapper_tasks.etl.verify import Audit, Check


@click.command(cls=Command)
@click.argument("job_file", metavar="JOB")
@click.pass_context
def verify(ctx: click.Context, job_file: str) -> None:
    """Audit the target of JOB.

    Does it keep what mapper promises about versions? One current version a key, curflg agrees
    with todt, intervals are half-open and do not overlap, no key is NULL; for type 1, one row a
    key. Reads only. Exits with 1 when a promise is broken.

    \b
    Example:
      mapper verify dim_customer.yaml
    """
    face: Face = ctx.obj
    job = read_job(job_file)
    with open_site() as site:
        found = audit(job, site.databases(job.target.connection))
    face.show(audit_as_json(found), audit_title(found), audit_table(found))
    ctx.exit(Exit.DONE if found.kept else Exit.FAILED)


def audit_as_json(found: Audit) -> dict[str, Any]:
    return {
        "table": found.table,
        "rows": found.rows,
        "current": found.current,
        "kept": found.kept,
        "checks": [
            {"name": c.name, "promise": c.promise, "broken": c.broken, "examples": c.examples}
            for c in found.checks
        ],
    }


def audit_title(found: Audit) -> str:
    return f"{found.table}: {found.rows:,} rows, {found.current:,} of them current"


def audit_table(found: Audit) -> Table:
    table = listing("", "promise", "#broken", "for instance")
    for check in found.checks:
        sign = Text("✓", "green") if check.kept else Text("✗", "bold red")
        table.add_row(sign, Text(check.promise), count(check.broken), Text(_keys(check)))
    return table


def _keys(check: Check) -> str:
    return " ".join(json.dumps(key, ensure_ascii=False) for key in check.examples[:2])
