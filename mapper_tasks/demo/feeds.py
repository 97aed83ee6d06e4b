"""The demo's source data: releases of a real list of airports, and generated customers."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from mapper_tasks.dialects import Database

EXAMPLES = Path(__file__).parents[2] / "examples"
CHANGED_SHARE, NEW_SHARE = 0.10, 0.02

_AIRPORTS = """
    CREATE TABLE IF NOT EXISTS airports (
        icao text PRIMARY KEY, iata text, name text, city text, subd text, country text,
        elevation numeric, lat numeric, lon numeric, tz text, lid text)
"""
_CUSTOMERS = """
    CREATE TABLE customers (
        id bigint PRIMARY KEY, name text NOT NULL, email text, city text,
        credit_limit numeric(10, 2), segment text, last_seen timestamp)
"""
# Every value follows from the id, so that each demo loads the same rows.
_GENERATE = """
    INSERT INTO customers
    SELECT i,
           (ARRAY['Ada','Alan','Barbara','Claude','Donald','Edsger','Frances','Grace','Hedy',
                  'John','Katherine','Ken','Linus'])[1 + i % 13]
           || ' ' ||
           (ARRAY['Allen','Dijkstra','Hamilton','Hopper','Knuth','Lamarr','Liskov','Lovelace',
                  'Neumann','Shannon','Turing'])[1 + i % 11],
           'customer' || i || '@example.com',
           (ARRAY['Amsterdam','Berlin','Lagos','Lima','London','Mumbai','Nairobi','Osaka','Oslo',
                  'Paris','Quito','Rome','Seoul','Sydney','Toronto','Vienna','Warsaw'])[1 + i % 17],
           100 * (1 + i % 50),
           (ARRAY['bronze','silver','gold'])[1 + i % 3],
           timestamp '2026-01-01' + i % 86400 * interval '1 second'
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i
"""
_CHANGE = """
    UPDATE customers SET city = 'Reykjavik', credit_limit = credit_limit + 50
    WHERE id % 10 = 3 AND id <= :last
"""


@dataclass(frozen=True)
class Release:
    """One release of the list of airports."""

    day: str  # YYYYMMDD

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.day, "%Y%m%d").replace(tzinfo=UTC)

    @property
    def file(self) -> Path:
        return EXAMPLES / "data" / "airports" / f"{self.day}.csv.gz"


RELEASES = tuple(Release(day) for day in ("20201205", "20210926", "20221121", "20240415"))


def take_release(feeds: Database, release: Release) -> int:
    """Put the release in the place of the one before, in typed columns; its number of airports."""
    with feeds.writing() as writer:
        writer.execute(text(_AIRPORTS))
        writer.execute(text("TRUNCATE airports"))
        cursor = writer.connection.cursor()
        copy = "COPY airports FROM STDIN WITH (FORMAT csv, HEADER true)"
        with gzip.open(release.file) as lines, cursor.copy(copy) as into:
            while block := lines.read(1 << 17):
                into.write(block)
        return int(writer.execute(text("SELECT count(*) FROM airports")).scalar_one())


def make_customers(feeds: Database, rows: int) -> None:
    """Generate the first `rows` customers."""
    with feeds.writing() as writer:
        writer.execute(text("DROP TABLE IF EXISTS customers"))
        writer.execute(text(_CUSTOMERS))
        writer.execute(text(_GENERATE), {"first": 1, "last": rows})
    _analyze(feeds)


def next_day(feeds: Database, rows: int) -> tuple[int, int]:
    """A tenth of the customers changes and a fiftieth is new; how many of each."""
    new = round(rows * NEW_SHARE)
    with feeds.writing() as writer:
        changed = writer.execute(text(_CHANGE), {"last": rows}).rowcount
        writer.execute(text(_GENERATE), {"first": rows + 1, "last": rows + new})
    _analyze(feeds)
    return changed, new


def _analyze(feeds: Database) -> None:
    with feeds.writing() as writer:
        writer.execute(text("ANALYZE customers"))
