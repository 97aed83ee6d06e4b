"""The faults of real servers: made, told apart by their table, and waited out by a run."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import column, event, text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.demo.servers import postgres_server
from mapper_tasks.dialects import Passing, open_database, passing
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.ledger import Ledger
from mapper_tasks.mapping import SourceQuery
from mapper_tasks.model.job import Source
from mapper_tasks.model.status import RunStatus

ROWS = 30


@pytest.fixture
def database(pg_url):
    database = open_database("one", pg_url)
    with database.writing() as writer:
        writer.exec_driver_sql("CREATE TABLE t (id int PRIMARY KEY, n int)")
        writer.exec_driver_sql("INSERT INTO t VALUES (1, 0), (2, 0)")
    yield database
    database.close()


def raise_row(writer, number):
    writer.exec_driver_sql(f"UPDATE t SET n = n + 1 WHERE id = {number}")


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


def test_a_serialization_failure_passes(database):
    def build_on_what_is_no_longer_so():
        with database.writing() as writer:
            writer.exec_driver_sql("SELECT * FROM t").all()
            with database.writing() as other:
                raise_row(other, 1)
            raise_row(writer, 1)

    with pytest.raises(DBAPIError) as failed:
        build_on_what_is_no_longer_so()
    assert passing(failed.value) is Passing.SERIALIZATION


def end_the_backend_of(database, connection):
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with database.reading() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")


def test_a_terminated_backend_passes(database):
    def work_while_somebody_ends_it():
        with database.writing() as writer:
            end_the_backend_of(database, writer)
            raise_row(writer, 1)

    with pytest.raises(DBAPIError) as failed:
        work_while_somebody_ends_it()
    assert passing(failed.value) is Passing.RESTARTING


def ask_for_the_columns_of_a_query(database, reader):
    SourceQuery.describe(Source(connection="one", query="SELECT * FROM t"), database, reader)


def ask_for_the_shape_of_an_expression(database, reader):
    query = SourceQuery(database, text("SELECT id FROM t").columns(column("id")).subquery(), {})
    query.shape_of(reader, {"double": query.fragment("id * 2")})


@pytest.mark.parametrize(
    "ask", [ask_for_the_columns_of_a_query, ask_for_the_shape_of_an_expression]
)
def test_a_source_that_goes_while_it_is_asked_does_not_blame_the_job(database, ask):
    def ask_while_somebody_ends_it():
        with database.reading() as reader:
            ask(database, reader)
            end_the_backend_of(database, reader)
            ask(database, reader)

    with pytest.raises(DBAPIError) as failed:
        ask_while_somebody_ends_it()
    assert passing(failed.value) is Passing.RESTARTING


def test_too_many_connections_pass(database):
    with database.engine.connect() as admin:
        name = admin.exec_driver_sql("SELECT current_database()").scalar_one()
        admin.exec_driver_sql("CREATE ROLE crowded LOGIN PASSWORD 'x' CONNECTION LIMIT 0")
        admin.commit()
        try:
            url = database.engine.url.set(username="crowded", password="x", database=name)
            crowded = open_database("crowded", url)
            with pytest.raises(DBAPIError) as failed, crowded.reading() as reader:
                reader.exec_driver_sql("SELECT 1")
            assert passing(failed.value) is Passing.TOO_MANY_CONNECTIONS
        finally:
            admin.exec_driver_sql("DROP ROLE crowded")
            admin.commit()


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"database": "nowhere"}])
def test_a_login_that_is_wrong_is_final(database, wrong):
    url = database.engine.url.set(**wrong)
    refused = open_database("wrong", url)
    with pytest.raises(DBAPIError) as failed, refused.reading() as reader:
        reader.exec_driver_sql("SELECT 1")
    assert passing(failed.value) is None


def test_a_server_that_is_not_there_passes(database):
    with pytest.raises(DBAPIError) as failed:
        open_database("away", database.engine.url.set(port=1)).engine.connect()
    assert passing(failed.value) is Passing.CONNECTION_LOST


def test_a_run_waits_for_a_database_that_restarts_under_it(place):
    with postgres_server() as server:
        database = open_database("both", server.url())
        with database.writing() as writer:
            writer.exec_driver_sql("CREATE TABLE person (id int PRIMARY KEY, name text)")
            writer.exec_driver_sql(
                f"INSERT INTO person SELECT n, 'n' || n FROM generate_series(1, {ROWS}) n"
            )
        tell, tried = place.site.tell, []

        def restart_at_the_second_chunk(event, **facts):
            tell(event, **facts)
            if str(event) == "chunk.started" and facts["chunk_no"] == 2:
                tried.append(facts["attempt"])
                if len(tried) == 1:
                    crash(database)

        pause = threading.Event()
        site = replace(
            place.site,
            databases=lambda _: database,
            tell=restart_at_the_second_chunk,
            sleep=pause.wait,
        )
        prcid = submit(site, place.parallel_job(10))
        run = run_here(site, prcid, lambda _: None)
        database.close()
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.tally.inserted == ROWS
    assert len(tried) > 1
    assert tried == list(range(1, len(tried) + 1))


def test_a_plan_whose_ledger_goes_away_is_written_down_again(place, database):
    ledger, ended = Ledger(database), []
    ledger.upgrade()

    @event.listens_for(database.engine, "before_cursor_execute")
    def end_it_once(connection, _cursor, statement, *_more):
        if "INSERT INTO dms_prcchunk" in statement and not ended:
            ended.append(statement)
            end_the_backend_of(database, connection)

    place.fill(ROWS)
    site = replace(place.site, ledger=ledger)
    run = run_here(site, submit(site, place.parallel_job(10)), lambda _: None)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, ROWS), run.message
    assert place.events().count("run.tried_again") == len(ended) == 1


def crash(database):
    """A backend that is killed takes all others down: the server restarts where it is."""
    with database.engine.begin() as connection:  # the server of the tests commits before it flushes
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
        connection.exec_driver_sql("CREATE TABLE flushed ()")
    with suppress(DBAPIError), database.engine.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        os.kill(pid, signal.SIGKILL)
        connection.exec_driver_sql("SELECT 1")
