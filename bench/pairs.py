"""How fast whole loads are between every two databases that run here.

The same generated rows lie in each source; one process loads them chunk by chunk, as a worker
would do it. Quote the shares of the first pair: figures of different runs are not to be compared.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from uuid import uuid4

from loads import Loads, seconds_of
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from mapper_tasks.demo.mariadb import mariadb_server
from mapper_tasks.demo.servers import postgres_server
from mapper_tasks.dialects import open_database
from mapper_tasks.etl import marker
from mapper_tasks.mapping import create

KINDS = ("postgresql", "mariadb", "sqlite")
COLUMNS = {
    "postgresql": """id bigint PRIMARY KEY, name varchar(40), city varchar(20), amount
        numeric(12,2), quantity integer, score float8, born date, seen timestamp, note text""",
    "mariadb": """id bigint PRIMARY KEY, name varchar(40), city varchar(20), amount decimal(12,2),
        quantity integer, score double, born date, seen datetime(6), note longtext""",
    "sqlite": """id INTEGER PRIMARY KEY, name TEXT, city TEXT, amount NUMERIC(12,2),
        quantity INTEGER, score REAL, born DATE, seen TIMESTAMP, note TEXT""",
}
NAMES = ("name", "city", "amount", "quantity", "score", "born", "seen", "note")
VALUES = {
    "postgresql": """i, 'customer ' || i, 'city ' || i % 1000, i % 100000 / 7.0, i % 90, i / 3.0e0,
        date '1950-01-01' + i % 20000, timestamp '2026-01-01' + i * interval '1 second',
        'some note ' || i % 97 FROM generate_series(1, {rows}) AS i""",
    "mariadb": """seq, concat('customer ', seq), concat('city ', seq % 1000), seq % 100000 / 7.0,
        seq % 90, seq / 3.0e0, '1950-01-01' + INTERVAL seq % 20000 DAY,
        '2026-01-01' + INTERVAL seq SECOND, concat('some note ', seq % 97) FROM seq_1_to_{rows}""",
    "sqlite": """value, 'customer ' || value, 'city ' || value % 1000,
        round(value % 100000 / 7.0, 2), value % 90, value / 3.0,
        date('1950-01-01', value % 20000 || ' days'),
        datetime('2026-01-01', value || ' seconds'), 'some note ' || value % 97
        FROM (WITH RECURSIVE n(value) AS (VALUES (1) UNION ALL SELECT value + 1 FROM n
        WHERE value < {rows}) SELECT value FROM n)""",
}
FEEDS = (
    ("first load", "UPDATE feed SET quantity = quantity WHERE id = 0"),
    ("nothing changed", "UPDATE feed SET quantity = quantity WHERE id = 0"),
    ("10 % changed", "UPDATE feed SET quantity = quantity + 1 WHERE id % 10 = 0"),
)


class Places:
    """A server of each kind, and empty databases of theirs."""

    def __init__(self, on: ExitStack) -> None:
        self.servers = {
            "postgresql": on.enter_context(postgres_server()),
            "mariadb": on.enter_context(mariadb_server()),
        }
        self.folder = Path(on.enter_context(tempfile.TemporaryDirectory(prefix="mapper-bench-")))

    def empty(self, kind: str) -> str:
        """The URL of a database that nobody has used."""
        if kind in self.servers:
            return self.servers[kind].create_database()
        return f"sqlite:///{self.folder / uuid4().hex}.db"


def measure(rows: int, chunk: int, scd_type: int, pairs: tuple[str, ...], console: Console) -> None:
    """Print the rows per second of each kind of load between each two databases."""
    table = Table(box=None, header_style="bold")
    table.add_column(f"type {scd_type}, rows/s", no_wrap=True)
    for title, _ in FEEDS:
        table.add_column(title, justify="right", no_wrap=True)
    with ExitStack() as on:
        places = Places(on)
        for one, other in product(KINDS, KINDS):
            if pairs and f"{one}>{other}" not in pairs:
                continue
            found = _loaded(places.empty(one), places.empty(other), rows, chunk, scd_type)
            table.add_row(f"{one} to {other}", *(f"{rows / spent:,.0f}" for spent in found))
    console.print(table)


def _loaded(from_url: str, to_url: str, rows: int, chunk: int, scd_type: int) -> list[float]:
    source, target = open_database("source", from_url), open_database("target", to_url)
    with source.engine.begin() as writer:
        writer.execute(text(f"CREATE TABLE feed ({COLUMNS[source.kind]})"))
        writer.execute(text(f"INSERT INTO feed SELECT {VALUES[source.kind].format(rows=rows)}"))
    marker.create(target)
    loads = Loads(source, target, rows, chunk, names=NAMES)
    job = loads.job(scd_type)
    create.create_target(job, source, target)
    spent = []
    for _, statement in FEEDS:
        loads.change(statement)
        spent.append(seconds_of(lambda: loads.load(job)))
    source.close()
    target.close()
    return spent
