"""How fast whole loads are, against the floor: the same bytes through COPY and nothing else.

A feed of generated rows goes from one PostgreSQL database into another, chunk by chunk in one
process, as a worker would do it. Figures of different runs are not to be compared: quote the
share of the floor.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from mapper_tasks.demo.servers import postgres_server
from mapper_tasks.dialects import Database, open_database
from mapper_tasks.etl import marker
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.mapping import create
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import slices_between
from mapper_tasks.model.tally import Tally

COLUMNS = """name text, city text, street text, amount numeric(12,2), quantity int, score float8,
             active boolean, born date, seen timestamp, note text"""
NAMES = tuple(column.split()[0] for column in COLUMNS.replace("\n", " ").split(", "))
FEED = """
    CREATE TABLE feed AS
    SELECT CAST(i AS bigint) AS id, 'customer ' || i AS name, 'city ' || i % 1000 AS city,
           i || ' long street' AS street, CAST(i % 100000 / 7.0 AS numeric(12,2)) AS amount,
           i % 90 AS quantity, CAST(i AS float8) / 3 AS score, i % 2 = 0 AS active,
           date '1950-01-01' + i % 20000 AS born,
           timestamp '2026-01-01' + i * interval '1 second' AS seen, 'some note ' || i % 97 AS note
    FROM generate_series(1, :rows) AS i
"""


@dataclass
class Loads:
    """The feed, its target, and a count of runs so that none meets another's markers."""

    source: Database
    target: Database
    rows: int
    chunk: int
    runs: int = 0
    names: tuple[str, ...] = NAMES

    def job(self, scd_type: int) -> Job:
        return Job.read(
            {
                "mapref": "BENCH",
                "source": {"connection": "source", "table": "feed"},
                "target": {
                    "connection": "target",
                    "table": f"dim{scd_type}",
                    "scd_type": scd_type,
                    "business_key": ["id"],
                    "columns": {"id": "id", **{name: name for name in self.names}},
                    "create": True,
                },
            }
        )

    def load(self, job: Job) -> Tally:
        self.runs += 1
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=self.runs)
        bounds = [(bound + 1,) for bound in range(self.chunk, self.rows, self.chunk)]
        total = Tally()
        for number, part in enumerate(slices_between(bounds), 1):
            work = ChunkWork(
                job, self.runs, "bench", number, part, moment, Window(), self.source, self.target
            )
            total += load_chunk(work).tally
        return total

    def floor(self) -> None:
        """The feed by COPY BINARY into an empty table, a slice at a time, nothing looked at."""
        with self.source.reading() as reader, self.target.writing() as writer:
            writer.execute(text("DROP TABLE IF EXISTS floor"))
            writer.execute(text(f"CREATE UNLOGGED TABLE floor (id bigint, {COLUMNS})"))
            for first in range(0, self.rows, self.chunk):
                _pipe(reader, writer, first, first + self.chunk)

    def change(self, statement: str) -> None:
        with self.source.writing() as writer:
            writer.execute(text(statement))


def _pipe(reader: Connection, writer: Connection, first: int, last: int) -> None:
    query = f"SELECT * FROM feed WHERE id > {first} AND id <= {last}"
    out, into = reader.connection.cursor(), writer.connection.cursor()
    with (
        out.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as rows,
        into.copy("COPY floor FROM STDIN (FORMAT binary)") as sink,
    ):
        for block in rows:
            sink.write(block)


@contextmanager
def opened(rows: int, chunk: int) -> Iterator[Loads]:
    with (
        postgres_server() as server,
        server.fresh_database() as one,
        server.fresh_database() as other,
    ):
        source, target = open_database("source", one), open_database("target", other)
        with source.writing() as writer:
            writer.execute(text(FEED), {"rows": rows})
            writer.execute(text("ALTER TABLE feed ADD PRIMARY KEY (id)"))
        marker.create(target)
        loads = Loads(source, target, rows, chunk)
        loads.change("ANALYZE feed")
        yield loads
        source.close()
        target.close()


def measure(rows: int, chunk: int, console: Console) -> None:
    """Print rows per second of every kind of load and its share of the floor."""
    with opened(rows, chunk) as loads:
        floor = statistics.median(seconds_of(loads.floor) for _ in range(3))
        table = Table(box=None, header_style="bold")
        table.add_column("load", no_wrap=True)
        for title in ("rows/s", "of the floor", "inserted", "updated", "expired", "unchanged"):
            table.add_column(title, justify="right", no_wrap=True)
        table.add_row("floor: COPY to COPY", f"{rows / floor:,.0f}", "1.00")
        for scd_type in (1, 2):
            job = loads.job(scd_type)
            create.create_target(job, loads.source, loads.target)
            for title, statement in _feeds(rows):
                loads.change(statement)
                tally = Tally()

                def once(job: Job = job) -> None:
                    nonlocal tally
                    tally = loads.load(job)

                seconds = seconds_of(once)
                table.add_row(
                    f"type {scd_type}: {title}",
                    f"{rows / seconds:,.0f}",
                    f"{floor / seconds:.2f}",
                    *(f"{count:,}" for count in _told(tally)),
                )
        console.print(table)


def _told(tally: Tally) -> tuple[int, ...]:
    return tally.inserted, tally.updated, tally.expired, tally.unchanged


def _feeds(rows: int) -> list[tuple[str, str]]:
    """What is done to the feed before each load."""
    moved = rows // 50
    return [
        ("first load", "SELECT 1"),
        ("nothing changed", "SELECT 1"),
        ("10 % changed", "UPDATE feed SET quantity = quantity + 1 WHERE id % 10 = 0"),
        ("2 % new", f"UPDATE feed SET id = -id WHERE id <= {moved}"),
        ("all changed", "UPDATE feed SET quantity = quantity + 1"),
    ]


def seconds_of(work: Callable[[], object]) -> float:
    """How long the work takes."""
    since = time.perf_counter()
    work()
    return time.perf_counter() - since
