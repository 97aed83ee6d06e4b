"""`stop --now` between MariaDB and SQLite: what runs is cancelled, and undone."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine

from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.brake import WITHIN
from tests.rim.shop import eventually

ROWS = 200
FOR_LONG = {"mariadb": 300, "sqlite": 10**10}  # seconds, and steps: far beyond WITHIN
SLOWLY = {
    "mariadb": "SELECT * FROM customers WHERE id > 1 OR SLEEP((SELECT size FROM brake)) = 0",
    "sqlite": (
        "SELECT * FROM customers WHERE id > 1 OR 0 <= (WITH RECURSIVE steps(n) AS (SELECT 0"
        " UNION ALL SELECT n + 1 FROM steps WHERE n < (SELECT size FROM brake) * (id = 1))"
        " SELECT max(n) FROM steps)"
    ),
}


@dataclass
class End:
    """A database that has customers, and a brake that holds up who reads the first of them."""

    name: str
    url: str

    def __post_init__(self):
        self.engine = create_engine(self.url)
        self.kind = self.engine.url.get_backend_name()
        self.run(
            "CREATE TABLE customers (id integer PRIMARY KEY, name varchar(20))",
            "CREATE TABLE brake (size bigint)",
            "INSERT INTO brake VALUES (0)",
        )
        with self.engine.begin() as connection:
            for number in range(1, ROWS + 1):
                connection.exec_driver_sql(f"INSERT INTO customers VALUES ({number}, 'n{number}')")

    def run(self, *statements):
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def brake(self, *, on):
        self.run(f"UPDATE brake SET size = {FOR_LONG[self.kind] if on else 0}")

    def count(self, table):
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


@pytest.fixture(scope="module")
def elsewhere(mariadb, shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    with mariadb.fresh_database() as one, mariadb.fresh_database() as two:
        urls = {"maria": one, "mart": two}
        urls |= {name: f"sqlite:///{folder / name}.db" for name in ("lite", "file")}
        ends = {name: End(name, url) for name, url in urls.items()}
        shop.environment |= {f"MAPPER_CONNECTIONS__{n.upper()}": url for n, url in urls.items()}
        yield ends
        for end in ends.values():
            end.engine.dispose()


@pytest.fixture(autouse=True)
def nothing_held(elsewhere, nothing_left):
    yield
    for end in elsewhere.values():
        end.brake(on=False)


def job_of(source, target, mapref):
    return {
        "mapref": mapref,
        "source": {"connection": source.name, "query": SLOWLY[source.kind]},
        "target": {
            "connection": target.name,
            "table": mapref,
            "scd_type": 2,
            "business_key": ["id"],
            "columns": {"id": "id", "name": "name"},
            "create": True,
        },
        "parallel_config": {
            "enable_parallel": True,
            "min_rows_for_parallel": 0,
            "chunk_size": ROWS // 4,
        },
    }


def planned(client, job):
    """A run whose chunks are on their way, while nobody takes one."""
    prcid = client.submit(job)
    eventually(lambda: client.status(prcid).status is RunStatus.RUNNING)
    eventually(lambda: all(one.task_id for one in chunks_of(client, prcid)))
    return prcid


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def assert_a_stop_undoes_what_is_held(client, prcid, target, table):
    """Whoever comes to the first customer is held; of SQLite's plans not the first chunk alone."""
    eventually(lambda: ChunkStatus.RUNNING in statuses(client, prcid))
    time.sleep(1.0)  # for its statement to have begun; SQLite shows to nobody what it does
    assert ChunkStatus.RUNNING in statuses(client, prcid)
    client.stop(prcid, now=True)
    stopped = client.wait(prcid, timeout=WITHIN)
    assert stopped.status is RunStatus.STOPPED, stopped.message
    chunks = chunks_of(client, prcid)
    applied = sum(one.tally.inserted for one in chunks if one.status is ChunkStatus.APPLIED)
    assert target.count(table) == stopped.tally.inserted == applied < ROWS


def statuses(client, prcid):
    return {one.status for one in chunks_of(client, prcid)}


def assert_a_resume_does_the_rest(client, prcid, target, table):
    client.resume(prcid)
    run = client.wait(prcid, timeout=WITHIN)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, ROWS), run.message
    assert target.count(table) == ROWS


@pytest.mark.parametrize(
    ("source", "target"),
    [("maria", "maria"), ("maria", "mart"), ("lite", "file"), ("lite", "mart")],
)
def test_a_statement_that_reads_is_cancelled(client, team, elsewhere, source, target):
    read, written, mapref = elsewhere[source], elsewhere[target], f"read_{source}_{target}"
    with team.resting():
        prcid = planned(client, job_of(read, written, mapref))
        read.brake(on=True)
    assert_a_stop_undoes_what_is_held(client, prcid, written, mapref)
    read.brake(on=False)
    assert_a_resume_does_the_rest(client, prcid, written, mapref)


def test_a_statement_that_writes_is_cancelled_and_undone(client, team, elsewhere):
    read, written = elsewhere["lite"], elsewhere["mart"]
    with team.resting():
        prcid = planned(client, job_of(read, written, "written"))
        written.run(
            "CREATE TRIGGER slowly BEFORE INSERT ON written FOR EACH ROW "
            "IF NEW.id = 2 THEN DO SLEEP(300); END IF"
        )
    assert_a_stop_undoes_what_is_held(client, prcid, written, "written")
    written.run("DROP TRIGGER slowly")
    assert_a_resume_does_the_rest(client, prcid, written, "written")
