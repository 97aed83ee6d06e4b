"""How fast the roads into the stage are, and what bad rows cost.

Each figure is a median of several readings of one slice, staged and rolled back. Figures of
different runs are not to be compared: quote the ratios, which are of one run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from mapper_tasks.demo.servers import PostgresServer, postgres_server, running_postgres
from mapper_tasks.dialects import Database, open_database
from mapper_tasks.etl import stage
from mapper_tasks.etl.checks import check_stage
from mapper_tasks.etl.roads import ROADS
from mapper_tasks.etl.roads.road import Road
from mapper_tasks.etl.staging import STAGE, Landing, Staging
from mapper_tasks.mapping import Mapping
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import Slice

AT = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING = Slice(with_nulls=True)
COLUMNS = ("id", "name", "amount", "quantity", "score", "born", "seen", "note")
FEED = {
    "postgresql": """
        CREATE TABLE feed AS
        SELECT CAST(i AS bigint) AS id, 'customer ' || i AS name, (i % 100000 / 7)::text AS amount,
               i % 90 AS quantity, CAST(i AS float8) / 3 AS score,
               date '1950-01-01' + i % 20000 AS born,
               timestamp '2026-01-01' + i * interval '1 second' AS seen,
               'some note ' || i % 97 AS note
        FROM generate_series(1, {rows}) AS i""",
    "sqlite": """
        INSERT INTO feed
        WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {rows})
        SELECT i, 'customer ' || i, CAST(i % 100000 / 7 AS text), i % 90, i / 3.0,
               date('1950-01-01', '+' || i % 20000 || ' days'),
               datetime('2026-01-01', '+' || i || ' seconds'), 'some note ' || i % 97 FROM s""",
}
SQLITE_FEED = """CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT, amount TEXT, quantity INT,
                 score REAL, born DATE, seen TIMESTAMP, note TEXT)"""
TARGET = """CREATE TABLE trg (id BIGINT PRIMARY KEY, name VARCHAR(40) NOT NULL,
            amount NUMERIC(12,2), quantity INT CHECK (quantity >= 0), score DOUBLE PRECISION,
            born DATE, seen TIMESTAMP, note VARCHAR(40))"""
SPOIL = {
    "bad text": "amount = 'none'",
    "too long": "name = 'a name that is longer than forty characters are'",
    "a CHECK": "quantity = -1",
}


@dataclass
class Pair:
    """A source with rows and an empty target."""

    name: str
    source: Database
    target: Database
    rows: int
    functions: dict[str, Callable[..., Any]] = field(
        default_factory=lambda: {"bench:note": lambda row: row["note"]}
    )

    def job(self, *, python: bool = False, amount: str | None = None) -> Job:
        columns: dict[str, Any] = {name: name for name in COLUMNS}
        if python:
            columns["note"] = {"python": "bench:note"}
        if amount is not None:
            columns["amount"] = {"sql": amount}
        source = {"connection": "a", "table": "feed"}
        target = {"connection": "b", "table": "trg", "business_key": ["id"], "columns": columns}
        spec = {"mapref": "BENCH", "source": source, "target": target, "max_error_rows": None}
        return Job.read(spec)

    def prepare(self) -> None:
        feed = FEED[self.source.kind].format(rows=self.rows)
        if self.source.kind == "sqlite":
            run(self.source, SQLITE_FEED, feed)
        else:
            run(self.source, feed, "CREATE UNIQUE INDEX ON feed (id)", "ANALYZE feed")
        run(self.target, TARGET)

    @contextmanager
    def staging(self, job: Job) -> Iterator[Staging]:
        with self.target.writing() as writer:
            with self.source.reading() as reader:
                mapping = Mapping.between(job, self.source, reader, self.target, writer)
                yield Staging(mapping, EVERYTHING, Window(), AT, reader, writer, self.functions)
            writer.get_transaction().rollback()  # type: ignore[union-attr]


def run(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


# ---- what is measured


def seconds_by_road(pair: Pair, road: type[Road], *, checked: bool) -> float | None:
    """Filling the stage on one road, with or without the checks; None: the road is closed."""
    python = road is ROADS[-1]
    with pair.staging(pair.job(python=python)) as staging:
        if not road.is_open(staging):
            return None
        staging.create_tables()
        begun = time.perf_counter()
        road(staging).fill(Landing(STAGE))
        if checked:
            check_stage(staging)
        return time.perf_counter() - begun


def seconds_of_filling(pair: Pair, job: Job, bad: int) -> float:
    """The whole of `stage.fill`, which must find just so many bad rows."""
    with pair.staging(job) as one:
        begun = time.perf_counter()
        staged = stage.fill(
            job,
            one.mapping,
            one.part,
            one.window,
            AT,
            one.reader,
            one.writer,
            pair.functions,
            lambda: None,
        )
        taken = time.perf_counter() - begun
    if len(staged.rejected) != bad:
        raise AssertionError(f"{pair.name}: {len(staged.rejected)} rejected, expected {bad}")
    return taken


def median(measure: Callable[[], float | None], repeats: int) -> float | None:
    found = [one for one in (measure() for _ in range(repeats)) if one is not None]
    return statistics.median(found) if found else None


def roads(pair: Pair, repeats: int, table: Table) -> None:
    for road in ROADS:
        bare = median(lambda road=road: seconds_by_road(pair, road, checked=False), repeats)  # type: ignore[misc]
        whole = median(lambda road=road: seconds_by_road(pair, road, checked=True), repeats)  # type: ignore[misc]
        if bare and whole:
            cells = [f"{pair.rows / bare:,.0f}", f"{pair.rows / whole:,.0f}"]
            table.add_row(pair.name, road.__name__, *cells)


def bad_rows(pair: Pair, counts: tuple[int, ...], repeats: int, table: Table) -> None:
    """The cost of bad rows: three kinds in turn, and a cast that fails in the source itself."""
    plain = pair.job()
    clean = median(lambda: seconds_of_filling(pair, plain, 0), repeats) or 1.0
    table.add_row(pair.name, "none", "0", f"{pair.rows / clean:,.0f}", "1.0")
    for kind, spoiled in SPOIL.items():
        _rows_of_kind(pair, plain, (kind, spoiled), counts, (repeats, clean), table)
    if pair.source.kind == "postgresql":
        cast = pair.job(amount="CAST(amount AS numeric)")
        spoil = ("source's cast", SPOIL["bad text"])
        _rows_of_kind(pair, cast, spoil, counts, (repeats, clean), table)


def _rows_of_kind(
    pair: Pair,
    job: Job,
    spoil: tuple[str, str],
    counts: tuple[int, ...],
    against: tuple[int, float],
    table: Table,
) -> None:
    kind, change = spoil
    repeats, clean = against
    for bad in counts:
        step = max(pair.rows // bad, 1)
        run(pair.source, "CREATE TABLE kept AS SELECT * FROM feed")
        run(pair.source, f"UPDATE feed SET {change} WHERE id % {step} = 0 AND id <= {step * bad}")
        taken = median(lambda: seconds_of_filling(pair, job, bad), repeats) or 0.0  # noqa: B023
        table.add_row(
            pair.name, kind, str(bad), f"{pair.rows / taken:,.0f}", f"{taken / clean:.1f}"
        )
        restore = "INSERT INTO feed SELECT * FROM kept"
        run(pair.source, "DELETE FROM feed", restore, "DROP TABLE kept")


# ---- the pairs


@contextmanager
def pairs(rows: int, server: PostgresServer) -> Iterator[list[Pair]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [stack.enter_context(server.fresh_database()) for _ in range(5)]
        files = [f"sqlite:///{folder / f'{number}.db'}" for number in range(5)]
        ends = {
            "PostgreSQL, two databases": (urls[0], urls[1]),
            "PostgreSQL, one database": (urls[2], urls[2]),
            "SQLite, two files": (files[0], files[1]),
            "SQLite, one file": (files[2], files[2]),
            "SQLite to PostgreSQL": (files[3], urls[3]),
            "PostgreSQL to SQLite": (urls[4], files[4]),
        }
        made = []
        for name, (source, target) in ends.items():
            pair = Pair(name, open_database("a", source), open_database("b", target), rows)
            stack.callback(pair.source.close)
            stack.callback(pair.target.close)
            pair.prepare()
            made.append(pair)
        yield made


def measure(
    rows: int, bad: tuple[int, ...], repeats: int, console: Console, server: PostgresServer
) -> None:
    speed = Table("databases", "road", "rows/s", "rows/s with checks", title=f"{rows:,} rows")
    cost = Table("databases", "what is wrong", "bad rows", "rows/s", "times clean")
    with pairs(rows, server) as made:
        for pair in made:
            roads(pair, repeats, speed)
            bad_rows(pair, bad, repeats, cost)
    console.print(speed)
    console.print(cost)


@click.command()
@click.option("--rows", default=50_000, show_default=True, help="Rows of the slice.")
@click.option("--repeats", default=5, show_default=True, help="Readings of which the median is.")
@click.option("--postgres", default=None, help="URL of a server to use instead of an own one.")
def main(rows: int, repeats: int, postgres: str | None) -> None:
    """Measure each road into the stage, and the cost of 1 and 100 bad rows."""
    with nullcontext(running_postgres(postgres)) if postgres else postgres_server() as server:
        measure(rows, (1, 100), repeats, Console(width=100), server)


if __name__ == "__main__":
    main()
