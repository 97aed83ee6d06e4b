"""`./dev chaos`: rounds of faults; exits with 1 when a round ends wrong or not at all."""

from __future__ import annotations

import random
import sys
from itertools import count
from pathlib import Path

import click
from rich.console import Console

from chaos.faults import faults_of
from chaos.place import open_place
from chaos.rounds import Report, play
from chaos.table import table
from mapper_tasks.demo.servers import orderly_exit

SHOWN = 60  # lines of each worker's log after a bad round


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How many rounds.")
@click.option("--seed", type=int, default=None, help="Of every choice; by default a new one.")
@click.option("--first", default=1, show_default=True, help="The number of the first round.")
@click.option("--keys", default=2500, show_default=True, help="Of the table, fifty a chunk.")
@click.option("--broker", type=click.Choice(["redis", "rabbitmq"]), default="redis")
def chaos(rounds: int, seed: int | None, first: int, keys: int, broker: str) -> None:
    """Load two versions of a table again and again while everything breaks."""
    seed = random.randrange(10**6) if seed is None else seed
    click.echo(f"seed {seed}", err=True)
    reports: list[Report] = []
    live = Console(stderr=True).status("servers begin")
    try:
        with orderly_exit(), live, open_place(keys, broker) as place:
            for number in count(first):
                reports.append(play(place, faults_of(broker), seed, number, live.update))
                _tell(reports, rounds)
                if reports[-1].bad:
                    _show_logs(place.logs())
                if _played(reports) == rounds:
                    break
    finally:  # also of those that were played before an interruption
        if reports:
            click.echo(table(seed, reports))
    sys.exit(any(report.bad for report in reports))


def _played(reports: list[Report]) -> int:
    """A round that nothing struck proves nothing: another is played for it."""
    return sum(bool(report.faults) for report in reports)


def _tell(reports: list[Report], rounds: int) -> None:
    report = reports[-1]
    struck = ", ".join(f"{times} x {name}" for name, times in report.faults.items())
    bad = sum(other.bad for other in reports)
    click.echo(
        f"round {report.number} ({_played(reports)} of {rounds}, {bad} bad):"
        f" {report.seconds:.1f} s; {struck or 'nothing struck'}",
        err=True,
    )
    for words in (*report.wrong, *report.hangs):
        click.echo(f"  BAD: {words}", err=True)


def _show_logs(logs: list[Path]) -> None:
    for log in logs:
        click.echo(f"---- {log.name}", err=True)
        click.echo("\n".join(log.read_text(errors="replace").splitlines()[-SHOWN:]), err=True)


if __name__ == "__main__":
    chaos()
