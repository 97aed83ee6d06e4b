"""A million rows, and the day after, through two workers between two databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from sqlalchemy import create_engine, text

from mapper_tasks import MapperClient
from mapper_tasks.demo.servers import WorkerNode, worker_nodes
from mapper_tasks.model.status import RunStatus

ROWS, CHANGED, NEW = 1_000_000, 100_000, 20_000
MIB = 2**20
ABOVE_IDLE = 150 * MIB

FEED = f"""
    CREATE TABLE feed AS
    SELECT n AS id, 'customer ' || n AS name, n % 90 AS quantity,
           CAST(n % 100000 / 7.0 AS numeric(12,2)) AS amount, repeat('note ', 8) || n AS note
    FROM generate_series(1, {ROWS}) n
"""
DAY_AFTER = f"""
    UPDATE feed SET quantity = quantity + 1 WHERE id % 10 = 0;
    INSERT INTO feed SELECT n, 'customer ' || n, 1, 1, '' FROM
    generate_series({ROWS + 1}, {ROWS + NEW}) n
"""
JOB = {
    "mapref": "MILLION",
    "source": {"connection": "feeds", "table": "feed"},
    "target": {
        "connection": "warehouse",
        "table": "million",
        "scd_type": 2,
        "business_key": ["id"],
        "columns": {name: name for name in ("id", "name", "quantity", "amount", "note")},
        "create": True,
    },
    "parallel_config": {"enable_parallel": True},
}


class Memory:
    """The largest resident size of any pool process, in bytes above what it was when idle."""

    def __init__(self, nodes: list[WorkerNode]) -> None:
        self._pool = [child for node in nodes for child in psutil.Process(node.pid).children()]
        self._idle = {child.pid: child.memory_info().rss for child in self._pool}
        self._over = threading.Event()
        self.peak = 0

    def _look(self) -> None:
        while not self._over.wait(0.1):
            sizes = [child.memory_info().rss - self._idle[child.pid] for child in self._pool]
            self.peak = max(self.peak, *sizes)

    @contextmanager
    def watched(self) -> Iterator[Memory]:
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()


@pytest.fixture
def ends(postgres, broker_url, monkeypatch):
    """The source, the target, and the environment of the workers and of the client."""
    with (
        postgres.fresh_database() as feeds,
        postgres.fresh_database() as warehouse,
        postgres.fresh_database() as ledger,
    ):
        environment = {
            "MAPPER_BROKER_URL": broker_url,
            "MAPPER_METADATA_URL": ledger,
            "MAPPER_CONNECTIONS__FEEDS": feeds,
            "MAPPER_CONNECTIONS__WAREHOUSE": warehouse,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        source, target = create_engine(feeds), create_engine(warehouse)
        yield source, target, environment
        source.dispose()
        target.dispose()


def do(engine, *statements):
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def one_row(engine, statement):
    with engine.connect() as connection:
        return tuple(connection.execute(text(statement)).one())


def digest(engine, table, where="true"):
    """A count and an order-free sum over every value of every row."""
    values = "CAST((id, name, quantity, amount, note) AS text)"
    total = f"count(*), sum(hashtextextended({values}, 0))"
    return one_row(engine, f"SELECT {total} FROM {table} WHERE {where}")


@pytest.mark.timeout(300)
def test_a_million_rows_and_the_day_after_are_right_to_the_row(ends):
    source, target, environment = ends
    do(source, FEED, "ALTER TABLE feed ADD PRIMARY KEY (id)", "ANALYZE feed")
    with (
        worker_nodes(["one", "two"], environment) as nodes,
        MapperClient() as client,
        Memory(nodes).watched() as memory,
    ):
        client._site.ledger.upgrade()
        first = client.wait(client.submit(JOB), timeout=120)
        assert first.status is RunStatus.SUCCESS, first.message
        assert first.tally.inserted == ROWS
        assert digest(target, "million") == digest(source, "feed")

        do(source, *DAY_AFTER.split(";"))
        after = client.wait(client.submit(JOB), timeout=120)
        assert after.status is RunStatus.SUCCESS, after.message
        workers = {chunk.worker for chunk in client._site.ledger.chunks(after.prcid)}
    assert workers == {"worker@one", "worker@two"}
    counts = (after.tally.inserted, after.tally.expired, after.tally.unchanged)
    assert counts == (CHANGED + NEW, CHANGED, ROWS - CHANGED)
    assert digest(target, "million", "curflg = 'Y'") == digest(source, "feed")
    assert one_row(target, "SELECT count(*) FROM million") == (ROWS + CHANGED + NEW,)
    assert memory.peak < ABOVE_IDLE, f"a pool process grew by {memory.peak / MIB:.0f} MiB"
