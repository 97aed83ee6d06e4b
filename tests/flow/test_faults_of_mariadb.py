"""The faults of a real MariaDB: made, told apart by their numbers, and waited out by a run."""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import Passing, open_database, passing
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.status import RunStatus

LONG = "SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq * b.seq = 7"


@pytest.fixture
def database(mariadb_url):
    with closing(open_database("one", mariadb_url)) as database:
        with database.writing() as writer:
            writer.exec_driver_sql("CREATE TABLE t (id int PRIMARY KEY, n int)")
            writer.exec_driver_sql("INSERT INTO t VALUES (1, 0), (2, 0)")
        yield database


def raise_row(writer, number):
    writer.exec_driver_sql(f"UPDATE t SET n = n + 1 WHERE id = {number}")


@contextmanager
def login_of(database, *grants, limits=""):
    """The database under a login of its own that has these rights alone."""
    name = f"m{uuid4().hex[:8]}"
    with database.engine.begin() as admin:
        admin.exec_driver_sql(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'x' {limits}")
        for grant in grants:
            admin.exec_driver_sql(f"{grant} TO {name}@'127.0.0.1'")
    try:
        url = database.engine.url.set(username=name, password="x")
        with closing(open_database("limited", url)) as limited:
            yield limited
    finally:
        with database.engine.begin() as admin:
            admin.exec_driver_sql(f"DROP USER {name}@'127.0.0.1'")


def end(database, connection, what="CONNECTION"):
    number = connection.exec_driver_sql("SELECT connection_id()").scalar_one()
    with database.engine.connect() as other:
        other.exec_driver_sql(f"KILL {what} {number}")


def fault_of(database, statement):
    with pytest.raises(DBAPIError) as failed, database.writing() as writer:
        writer.exec_driver_sql(statement)
    return failed.value


def test_a_deadlock_passes(database):
    both_hold = threading.Barrier(2, timeout=20)
    faults = []

    def update(first, second):
        try:
            with database.writing() as writer:
                raise_row(writer, first)
                both_hold.wait()
                raise_row(writer, second)
        except DBAPIError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=update, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [passing(fault) for fault in faults] == [Passing.DEADLOCK]


def test_a_lock_that_is_waited_for_too_long_passes(database):
    def wait_for_another():
        with database.writing() as writer:
            raise_row(writer, 1)
            with database.hasty() as other:
                raise_row(other, 1)

    with pytest.raises(DBAPIError) as failed:
        wait_for_another()
    assert passing(failed.value) is Passing.LOCK_TIMEOUT


def test_a_session_that_is_ended_passes(database):
    def work_while_somebody_ends_it():
        with database.writing() as writer:
            end(database, writer)
            raise_row(writer, 1)

    with pytest.raises(DBAPIError) as failed:
        work_while_somebody_ends_it()
    assert passing(failed.value) is Passing.CONNECTION_LOST


def test_a_statement_that_takes_longer_than_it_may_is_final(database):
    with pytest.raises(DBAPIError) as failed, database.reading() as reader:
        reader.exec_driver_sql("SET STATEMENT max_statement_time = 0.1 FOR " + LONG)
    assert passing(failed.value) is None
    assert not database.is_row_fault(failed.value)


def test_a_table_that_is_full_is_final(database):
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SET SESSION max_heap_table_size = 16384")
        connection.exec_driver_sql("CREATE TEMPORARY TABLE small (a char(255)) ENGINE=MEMORY")
        with pytest.raises(DBAPIError, match="is full") as failed:
            connection.exec_driver_sql("INSERT INTO small SELECT 'x' FROM seq_1_to_1000")
    assert passing(failed.value) is None
    assert not database.is_row_fault(failed.value)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"database": "nowhere"}])
def test_a_login_that_is_wrong_is_final(database, wrong):
    with closing(open_database("wrong", database.engine.url.set(**wrong))) as refused:
        fault = fault_of(refused, "SELECT 1")
    assert passing(fault) is None


def test_what_a_login_may_not_is_final(database):
    with login_of(database) as stranger:
        assert passing(fault_of(stranger, "SELECT 1")) is None
    name = database.engine.url.database
    with login_of(database, f"GRANT SELECT ON {name}.*") as reader:
        fault = fault_of(reader, "DELETE FROM t")
        assert reader.is_wrong_statement(fault)
        assert passing(fault) is None


def test_a_query_that_writes_where_only_reading_is_allowed_is_wrong(database):
    with pytest.raises(DBAPIError) as failed, database.reading() as reader:
        raise_row(reader, 1)
    assert database.is_wrong_statement(failed.value)
    assert passing(failed.value) is None


def test_a_server_that_is_not_there_passes(database):
    with (
        closing(open_database("away", database.engine.url.set(port=1))) as away,
        pytest.raises(DBAPIError) as failed,
    ):
        away.engine.connect()
    assert passing(failed.value) is Passing.CONNECTION_LOST


def test_too_many_connections_pass(database):
    name = database.engine.url.database
    limits = "WITH MAX_USER_CONNECTIONS 1"
    with (
        login_of(database, f"GRANT SELECT ON {name}.*", limits=limits) as crowded,
        crowded.reading() as reader,
    ):
        reader.exec_driver_sql("SELECT 1")
        fault = fault_of(crowded, "SELECT 1")
    assert passing(fault) is Passing.TOO_MANY_CONNECTIONS


def test_a_chunk_whose_session_is_ended_is_tried_again(place, database):
    place.fill(30)
    ended = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def end_it_once(connection, _cursor, statement, *_more):
        if statement.startswith("INSERT INTO dim_person") and not ended:
            ended.append(statement)
            end(database, connection)

    databases = {**place.databases, "target": database}
    pause = threading.Event()
    site = replace(place.site, databases=databases.__getitem__, sleep=pause.wait)
    run = run_here(site, submit(site, place.parallel_job(10)), lambda _: None)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, 30), run.message
    assert len(ended) == 1
    assert max(chunk.attempt for chunk in site.ledger.chunks(run.prcid)) == 2
