"""A small run with every kind of row: what was there, what comes, and where it all stands."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.site import Site
from mapper_tasks.flow.submit import submit
from mapper_tasks.ledger import Ledger
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus
from mapper_tasks.planning import ParallelDefaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.dialects import Database

SOURCE, TARGET, LEDGER = "source", "target", "ledger"
IDENTITY = {
    "sqlite": "integer PRIMARY KEY AUTOINCREMENT",
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "mariadb": "bigint AUTO_INCREMENT PRIMARY KEY",
}
FEED = """CREATE TABLE feed (
    id integer, name varchar(20), amount integer, region varchar(10), seen integer,
    updated_at timestamp, gone boolean)"""
PAYLOAD = """id integer NOT NULL, name varchar(20), amount integer CHECK (amount >= 0),
    region varchar(10), seen integer, rwhkey varchar(64), reccrdt timestamp, recupdt timestamp,
    fromdt timestamp NOT NULL"""
VERSIONS = ", curflg char(1) NOT NULL, todt timestamp NOT NULL"
NAMES = ("id", "name", "amount", "region", "seen", "updated_at", "gone")


def row(
    key: int | None,
    name: str,
    day: int | None,
    *,
    amount: int = 1,
    region: str = "north",
    **more: Any,
) -> tuple[Any, ...]:
    moment = None if day is None else f"2026-01-{day:02} 00:00:00"
    return (key, name, amount, region, more.get("seen", 0), moment, more.get("gone", False))


BEFORE = [row(key, f"n{key}", 10) for key in range(1, 13)]
AFTER = [
    row(1, "n1", 10),  # unchanged
    row(2, "changed", 12),
    row(3, "late", 5),
    row(4, "n4", 12, gone=True),
    row(5, "one", 12),  # two versions at once
    row(5, "two", 13),
    row(6, "this", 12),  # duplicates that differ
    row(6, "that", 12),
    row(7, "bad", 12, amount=-1),
    row(8, "n8", 12, region="south"),  # type 1
    row(9, "n9", 12, seen=1),  # excluded
    # 10 and 11 are missing
    row(12, "corrected", 10),
    row(13, "new", 12),
    row(14, "new", 12),
    row(None, "no key", 12),
    row(15, "no time", None),
    row(16, "gone", 12, gone=True),  # never there
    row(17, "new", 12),
]


@dataclass(frozen=True)
class Kind:
    """A kind of target and how it is loaded."""

    table: str
    scd_type: int
    more: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] = field(default_factory=dict)

    @property
    def job(self) -> Job:
        columns: dict[str, Any] = {name: name for name in ("id", "name", "amount", "seen")}
        columns["region"] = {"source": "region", "scd": 1}
        return Job.read(
            {
                "mapref": self.table.upper(),
                "source": {"connection": SOURCE, "query": "SELECT * FROM feed"},
                "target": {
                    "connection": TARGET,
                    "table": self.table,
                    "scd_type": self.scd_type,
                    "business_key": ["id"],
                    "columns": columns,
                    "hash_exclude_columns": ["seen"],
                    "effective_from": "updated_at",
                    "delete_when": "gone",
                    "effective_at": "2026-02-01T00:00:00Z",
                    **self.target,
                },
                "parallel_config": {
                    "enable_parallel": True,
                    "min_rows_for_parallel": 0,
                    "chunk_size": 6,
                },
                **self.more,
            }
        )


EXPIRE = {"on_missing": "expire", "max_expire_share": 0.9}
KINDS = {
    "type 2": Kind("dim", 2, target=EXPIRE),
    "type 1": Kind(
        "cur",
        1,
        more={
            "checkpoint_config": {"enabled": True, "columns": ["updated_at", "id"]},
            "transform": "tests.chaos.rules:same",  # the road through Python
        },
    ),
}


def fill(source: Database, rows: list[tuple[Any, ...]]) -> None:
    """The rows as the whole feed."""
    marks = ", ".join(f":{name}" for name in NAMES)
    with source.engine.begin() as connection:
        connection.execute(text("DELETE FROM feed"))
        connection.execute(
            text(f"INSERT INTO feed VALUES ({marks})"),
            [dict(zip(NAMES, values, strict=True)) for values in rows],
        )


def create(source: Database, target: Database) -> None:
    identity = IDENTITY[target.kind]
    with source.engine.begin() as connection:
        connection.execute(text(FEED))
    with target.engine.begin() as connection:
        for table, versions in (("dim", VERSIONS), ("cur", "")):
            ddl = f"CREATE TABLE {table} (skey {identity}, {PAYLOAD}{versions})"
            if target.kind == "mariadb":
                ddl = ddl.replace("timestamp", "datetime")  # its timestamps end in 2038
            connection.execute(text(ddl))
            only = _only_current(target) if versions else "(id)"
            connection.execute(text(f"CREATE UNIQUE INDEX {table}_one ON {table} {only}"))


def _only_current(target: Database) -> str:
    if target.kind != "mariadb":
        return "(id) WHERE curflg = 'Y'"
    with target.engine.begin() as connection:
        current = "tinyint AS (CASE WHEN curflg = 'Y' THEN 1 END) STORED INVISIBLE"
        connection.execute(text(f"ALTER TABLE dim ADD COLUMN mp_current {current}"))
    return "(id, mp_current)"


@dataclass
class World:
    """A source, a target and a ledger, open."""

    site: Site
    source: Database
    target: Database
    ledger: Database

    @property
    def databases(self) -> tuple[Database, ...]:
        return (self.source, self.target, self.ledger)

    def let_go(self) -> None:
        """Close every connection."""
        for database in self.databases:
            database.engine.dispose()

    def rows(self, database: Database, statement: str) -> list[tuple[Any, ...]]:
        with database.engine.connect() as connection:
            return [tuple(one) for one in connection.execute(text(statement))]

    def time_passes(self) -> None:
        """Every claim runs out, and every message is overdue."""
        times = {
            "dms_prclog": ("lease_until", "due_at", "recupdt"),
            "dms_prcchunk": ("lease_until", "dispatched_at", "heartbeat"),
        }
        with self.ledger.engine.begin() as connection:
            for table, columns in times.items():
                for column in columns:
                    past = f"{column} = '2020-01-01 00:00:00.000' WHERE {column} IS NOT NULL"
                    connection.execute(text(f"UPDATE {table} SET {past}"))


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def opened(urls: dict[str, str]) -> Iterator[World]:
    databases = {name: open_database(name, url) for name, url in urls.items()}
    for database in databases.values():
        if database.kind == "sqlite":  # nothing has to survive the end of the machine
            event.listen(database.engine, "connect", _hurry)
    site = Site(
        ledger=Ledger(databases[LEDGER]),
        databases=databases.__getitem__,
        defaults=ParallelDefaults(),
        allowed_modules=frozenset({"tests.chaos.rules"}),
        sleep=lambda _: None,
    )
    try:
        yield World(site, databases[SOURCE], databases[TARGET], databases[LEDGER])
    finally:
        for database in databases.values():
            with suppress(Exception):
                database.close()


def build(urls: dict[str, str], kinds: tuple[Kind, ...]) -> None:
    """The world as it is before the run: each table loaded once, and the next feed waiting."""
    with opened(urls) as world:
        create(world.source, world.target)
        world.site.ledger.upgrade()
        fill(world.source, BEFORE)
        for kind in kinds:
            run = run_here(world.site, submit(world.site, kind.job), lambda _: None)
            assert run.status is RunStatus.SUCCESS, run.message
        fill(world.source, AFTER)


@dataclass(frozen=True)
class End:
    """What a run leaves behind, without surrogate keys and record times."""

    status: str
    tally: dict[str, int]
    checkpoint: str | None
    target: list[tuple[Any, ...]]
    errors: list[tuple[Any, ...]]
    markers: list[int]
    logged: list[int]
    leases: int = field(compare=False)  # one that could not be released hinders nobody

    @classmethod
    def of(cls, world: World, kind: Kind, prcid: int) -> End:
        run = world.site.ledger.run(prcid)
        columns = "id, name, amount, region, seen, fromdt"
        if kind.scd_type == 2:
            columns += ", todt, curflg"
        errors = "SELECT keyvalue, errtyp, dberrmsg, chunk_no FROM dms_joberr WHERE prcid = "
        marked = "SELECT chunk_no FROM dms_chunkmark WHERE prcid = "
        logged = "SELECT chunk_no FROM dms_joblog WHERE prcid = "
        order = " ORDER BY 1, 2, 3"
        return cls(
            str(run.status),
            run.tally.as_dict(),
            run.checkpoint,
            world.rows(world.target, f"SELECT {columns} FROM {kind.table} ORDER BY id, fromdt"),
            world.rows(world.ledger, f"{errors}{prcid}{order}"),
            [n for (n,) in world.rows(world.target, f"{marked}{prcid} ORDER BY 1")],
            [n for (n,) in world.rows(world.ledger, f"{logged}{prcid} ORDER BY 1")],
            len(world.rows(world.target, "SELECT 1 FROM dms_targetlease")),
        )
