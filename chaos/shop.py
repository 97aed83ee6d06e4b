"""What is loaded: two versions of a table with every kind of row, in a feed each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mapper_tasks.model.job import Job

if TYPE_CHECKING:
    from mapper_tasks.dialects import Database

SOURCE, TARGET = "shop", "warehouse"
CHUNK = 50  # rows
VERSIONS = (1, 2)

_FEED = "(id, name, amount, region, seen, updated_at, gone)"
_BEFORE, _LATER, _LATEST = (f"timestamp '2026-0{n}-01'" for n in (1, 2, 3))
TABLE = """CREATE TABLE dim (
    skey bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id integer NOT NULL, name varchar(20),
    amount integer CHECK (amount >= 0), region varchar(10), seen integer, rwhkey varchar(64),
    reccrdt timestamp, recupdt timestamp, fromdt timestamp NOT NULL, todt timestamp NOT NULL,
    curflg char(1) NOT NULL)"""
INDEX = "CREATE UNIQUE INDEX dim_current ON dim (id) WHERE curflg = 'Y'"


def job(version: int) -> Job:
    columns: dict[str, Any] = {name: name for name in ("id", "name", "amount", "seen")}
    columns["region"] = {"source": "region", "scd": 1}
    return Job.read(
        {
            "mapref": f"CHAOS_{version}",
            "source": {"connection": SOURCE, "table": f"feed_{version}"},
            "target": {
                "connection": TARGET,
                "table": "dim",
                "scd_type": 2,
                "business_key": ["id"],
                "columns": columns,
                "hash_exclude_columns": ["seen"],
                "effective_from": "updated_at",
                "effective_at": "2026-04-01T00:00:00Z",
                "delete_when": "gone",
                "on_missing": "expire",
            },
            "parallel_config": {
                "enable_parallel": True,
                "min_rows_for_parallel": 0,
                "chunk_size": CHUNK,
            },
        }
    )


def feeds(keys: int) -> tuple[str, str]:
    """One table a version: its statement."""
    return (
        f"""CREATE TABLE feed_1 AS SELECT * FROM (
        SELECT n, 'n' || n, CASE WHEN n % 700 = 0 THEN -1 ELSE n % 1000 END, 'r' || n % 5, 0,
            {_BEFORE}, false
        FROM generate_series(1, {keys}) n
        UNION ALL SELECT n, 'other', 1, 'r', 0, {_BEFORE}, false
        FROM generate_series(900, {keys}, 900) n -- duplicates that differ
        UNION ALL SELECT NULL, 'no key', n, 'r', 0, {_BEFORE}, false FROM generate_series(1, 3) n
    ) rows {_FEED}""",
        f"""CREATE TABLE feed_2 AS SELECT * FROM (
        SELECT n, CASE WHEN n % 10 = 0 THEN 'changed' WHEN n % 80 = 7 THEN 'late'
                ELSE 'n' || n END,
            CASE WHEN n % 700 IN (0, 1) THEN -1 ELSE n % 1000 END,
            CASE WHEN n % 50 = 3 THEN 'moved' ELSE 'r' || n % 5 END, n % 4,
            CASE WHEN n % 80 = 7 THEN timestamp '2025-12-01'
                WHEN n % 10 IN (0, 1) OR n > {keys} THEN {_LATER} ELSE {_BEFORE} END,
            n % 60 = 1
        FROM generate_series(1, {keys + keys // 30}) n
        WHERE n % 97 <> 0 -- the others are missing
        UNION ALL SELECT n, 'again', 1, 'r', 0, {_LATEST}, false
        FROM generate_series(11, {keys}, 120) n -- two versions at once
    ) rows {_FEED}""",
    )


def make_feeds(source: Database, keys: int) -> None:
    execute(source, *feeds(keys))


def make_target(target: Database) -> None:
    execute(target, TABLE, INDEX)


def execute(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
