"""`./dev bench [loads|pairs|scale|recovery]`: figures only, no judgement."""

from __future__ import annotations

import click
import loads as of_loads
import pairs as of_pairs
import recovery as of_recovery
import scale as of_scale
from rich.console import Console

from mapper_tasks.demo.servers import orderly_exit


@click.group(invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """Measure; without a word, loads."""
    if context.invoked_subcommand is None:
        context.invoke(loads)


@bench.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of the feed.")
@click.option("--chunk", default=50_000, show_default=True, help="Rows of a chunk.")
def loads(rows: int, chunk: int) -> None:
    """Load a generated feed between two PostgreSQL databases, and compare with a bare COPY."""
    of_loads.measure(rows, chunk, Console())


@bench.command()
@click.argument("between", nargs=-1, metavar="[SOURCE>TARGET]...")
@click.option("--rows", default=100_000, show_default=True, help="Rows of the feed.")
@click.option("--chunk", default=50_000, show_default=True, help="Rows of a chunk.")
@click.option("--type", "scd_type", default=2, show_default=True, help="1 or 2.")
def pairs(between: tuple[str, ...], rows: int, chunk: int, scd_type: int) -> None:
    """Load a generated feed between every two of PostgreSQL, MariaDB and SQLite."""
    of_pairs.measure(rows, chunk, scd_type, between, Console(width=100))


@bench.command()
@click.option("--chunks", default="1000,10000", show_default=True, help="Numbers of chunks.")
@click.option("--worked", default=1000, show_default=True, help="Chunks that are worked on.")
def scale(chunks: str, worked: int) -> None:
    """Plan, send, finish and stop runs of many small chunks, and see what memory they take."""
    counts = tuple(int(count) for count in chunks.split(","))
    of_scale.measure(counts, worked, Console(width=100))


@bench.command()
@click.option("--times", default=20, show_default=True, help="Stops of which the median is.")
def recovery(times: int) -> None:
    """Stop, kill, lose and wipe, with real settings, and see when the run is over."""
    of_recovery.measure(times, Console(width=100))


if __name__ == "__main__":
    with orderly_exit():
        bench()
