"""`./dev bench`: figures only, no judgement."""

from __future__ import annotations

import click
from loads import measure
from rich.console import Console


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of the feed.")
@click.option("--chunk", default=50_000, show_default=True, help="Rows of a chunk.")
def bench(rows: int, chunk: int) -> None:
    """Load a generated feed between two PostgreSQL databases, and compare with a bare COPY."""
    measure(rows, chunk, Console())


if __name__ == "__main__":
    bench()
