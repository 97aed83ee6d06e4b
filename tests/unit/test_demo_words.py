"""What the demo says at its end, and when it is cut short."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import click
from click.testing import CliRunner
from rich.console import Console

from mapper_tasks.cli.demo import loads_table
from mapper_tasks.cli.frame import Command
from mapper_tasks.demo.tour import Loaded
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk, Run
from mapper_tasks.model.slices import Slice
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

BEGUN = datetime(2024, 5, 6, tzinfo=UTC)
JOB = Job.read(
    {
        "mapref": "A",
        "source": {"connection": "a", "table": "a"},
        "target": {"connection": "a", "table": "b", "business_key": ["k"], "columns": {"k": "k"}},
    }
)


def loaded(title, rows, seconds):
    tally = Tally(source=rows, inserted=rows)
    ended = BEGUN + timedelta(seconds=seconds)
    run = Run(1, JOB, RunStatus.SUCCESS, strtdt=BEGUN, enddt=ended, tally=tally)
    chunks = [
        Chunk(1, number, Slice(), ChunkStatus.APPLIED, worker=f"worker@{worker}")
        for number, worker in enumerate(["one", "two"] * 10, start=1)
    ]
    return Loaded(title, run, chunks, rows)


def test_the_closing_table_of_a_million_rows_fits_eighty_columns():
    out = io.StringIO()
    loads = [loaded("1,000,000 customers", 1_000_000, 112.3), loaded("the day after", 1_020_000, 9)]

    Console(file=out, width=80).print(loads_table(loads))

    assert len(out.getvalue().splitlines()) == 1 + len(loads)
    assert "…" not in out.getvalue()
    assert "1,020,000" in out.getvalue()


def test_ctrl_c_ends_any_command_as_the_shell_expects():
    @click.command(cls=Command)
    def waits():
        raise KeyboardInterrupt

    assert CliRunner().invoke(waits).exit_code == 130
