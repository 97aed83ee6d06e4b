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
from mapper_tasks.flow.compare import compare_with_source

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from mapper_tasks.etl.compare import Comparison
    from mapper_tasks.etl.verify import Audit, Check


@click.command(cls=Command)
@click.argument("job_file", metavar="JOB")
@click.option("--target-only", is_flag=True, help="Leave the source alone.")
@click.pass_context
def verify(ctx: click.Context, job_file: str, target_only: bool) -> None:
    """Audit the target of JOB, and compare it with the source.

    Does it keep what mapper promises about versions? One current version a key, curflg agrees
    with todt, intervals are half-open and do not overlap, no key is NULL; for type 1, one row a
    key. And is what is current what the source says, as far as the checkpoint has come? Keys
    that the source has no more are told, and a fault only with on_missing: expire. Reads only,
    slice by slice. Exits with 1 when a promise is broken or something differs.

    \b
    Examples:
      mapper verify dim_customer.yaml
      mapper verify dim_customer.yaml --target-only
    """
    face: Face = ctx.obj
    job = read_job(job_file)
    with open_site() as site:
        found = audit(job, site.databases(job.target.connection))
        compared = None if target_only else compare_with_source(site, job)
    parts: list[RenderableType] = [audit_title(found), audit_table(found)]
    told = audit_as_json(found)
    if compared is not None:
        parts += ["", comparison_title(compared), comparison_table(compared)]
        told["source"] = comparison_as_json(compared)
    face.show(told, *parts)
    well = found.kept and (compared is None or compared.same)
    ctx.exit(Exit.DONE if well else Exit.FAILED)


def comparison_as_json(found: Comparison) -> dict[str, Any]:
    return {
        "source_rows": found.source_rows,
        "rejected": found.rejected,
        "same": found.same,
        **{check.name: check.broken for check in found.checks},
        "examples": {check.name: check.examples for check in found.checks if check.broken},
    }


def comparison_title(found: Comparison) -> str:
    rejected = f", of which {found.rejected:,} cannot be loaded" if found.rejected else ""
    return f"the source: {found.source_rows:,} rows{rejected}"


def comparison_table(found: Comparison) -> Table:
    table = listing("", "should be", "#not so", "for instance")
    for check in found.checks:
        allowed = found.allows(check) and not check.kept
        sign = Text("✓", "green") if check.kept else Text("✗", "bold red")
        sign = Text("·", "dim") if allowed else sign
        promise = f"{check.promise} (on_missing: ignore)" if allowed else check.promise
        table.add_row(sign, Text(promise), count(check.broken), Text(_keys(check)))
    return table


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
