"""The faults of a real MariaDB: made, told apart by their table, and waited out by a run."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import column, event, text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.demo.children import start, unprivileged_account
from mapper_tasks.demo.servers import has_mariadb, mariadb_server
from mapper_tasks.dialects import Passing, open_database, passing
from mapper_tasks.dialects.mariadb.driver import driver_of
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.mapping import SourceQuery
from mapper_tasks.model.job import Source
from mapper_tasks.model.status import RunStatus

ROWS = 30
ENDLESS = "SELECT count(*) FROM seq_1_to_10000000 a, seq_1_to_10000000 b WHERE a.seq * b.seq = 7"
RAISE = "UPDATE t SET n = n + 1 WHERE id = {}"
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"


@contextmanager
def with_rows(url):
    database = open_database("one", url)
    with database.writing() as writer:
        writer.exec_driver_sql("CREATE TABLE t (id int PRIMARY KEY, n int)")
        writer.exec_driver_sql("INSERT INTO t VALUES (1, 0), (2, 0)")
    yield database
    database.close()


@pytest.fixture
def database(mariadb_url):
    with with_rows(mariadb_url) as database:
        yield database


@pytest.fixture(scope="module")
def strained():
    """A database of a server of our own, of little room, whose settings may be changed."""
    if not has_mariadb():
        pytest.skip("MariaDB is not installed here")
    room = {"innodb-temp-data-file-path": "ibtmp1:12M:autoextend:max:13M", "max-connections": "10"}
    with mariadb_server(room) as server, with_rows(server.create_database()) as database:
        yield database


@contextmanager
def login_of_little(database, *statements):
    """The database as a login sees it that may read one column; `{}` is the login's name."""
    with database.engine.connect() as admin, ExitStack() as ended:
        admin.exec_driver_sql("CREATE USER little IDENTIFIED BY 'x'")
        ended.callback(admin.exec_driver_sql, "DROP USER little")
        for statement in ("GRANT SELECT (id) ON t TO {}", *statements):
            admin.exec_driver_sql(statement.format("little"))
        little = open_database("little", database.engine.url.set(username="little", password="x"))
        ended.callback(little.close)
        yield little


def fault_of(work, *arguments):
    with pytest.raises(DBAPIError) as failed:
        work(*arguments)
    return failed.value


def read(database, statement="SELECT 1"):
    with database.reading() as reader:
        reader.exec_driver_sql(statement)


def write(database, *statements):
    with database.writing() as writer:
        for statement in statements:
            writer.exec_driver_sql(statement)


def kill(database, connection, what=""):
    read(database, f"KILL {what} {driver_of(connection).thread_id()}")


# ---- faults that pass


@pytest.mark.parametrize("nested", [False, True], ids=["plain", "in a savepoint"])
def test_a_deadlock_passes(database, nested):
    both_hold = threading.Barrier(2, timeout=20)
    faults = []

    def update(first, second):
        try:
            with database.writing() as writer, ExitStack() as savepoint:
                writer.exec_driver_sql(RAISE.format(first))
                both_hold.wait()
                if nested:
                    savepoint.enter_context(writer.begin_nested())
                writer.exec_driver_sql(RAISE.format(second))
        except DBAPIError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=update, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [passing(fault) for fault in faults] == [Passing.DEADLOCK]


def test_a_lock_that_is_not_given_passes(database):
    with database.writing() as writer, database.hasty() as hasty:
        writer.exec_driver_sql(RAISE.format(1))
        fault = fault_of(hasty.exec_driver_sql, RAISE.format(1))
    assert passing(fault) is Passing.LOCK_TIMEOUT


@pytest.mark.parametrize(
    ("meanwhile", "then"),
    [
        ("UPDATE t SET n = n + 1", "UPDATE t SET n = n + 1"),
        ("ALTER TABLE t ADD COLUMN more int FIRST, ALGORITHM = COPY", "SELECT * FROM t"),
    ],
    ids=["record", "table"],
)
def test_what_has_changed_since_it_was_read_passes(database, meanwhile, then):
    def build_on_what_is_no_longer_so():
        with database.engine.connect() as connection:
            connection.rollback()
            connection.exec_driver_sql("SET SESSION innodb_snapshot_isolation = ON")
            for begin in ("ROLLBACK", ONE_MOMENT, "START TRANSACTION WITH CONSISTENT SNAPSHOT"):
                connection.exec_driver_sql(begin)
            write(database, meanwhile)
            connection.exec_driver_sql(then)

    fault = fault_of(build_on_what_is_no_longer_so)
    assert passing(fault) is Passing.SERIALIZATION


def test_a_killed_session_passes(database):
    def work_while_somebody_ends_it():
        with database.writing() as writer:
            writer.exec_driver_sql(RAISE.format(1))
            kill(database, writer)
            writer.exec_driver_sql(RAISE.format(2))

    assert passing(fault_of(work_while_somebody_ends_it)) is Passing.CONNECTION_LOST


def test_a_session_that_is_killed_under_a_load_from_memory_passes(database):
    def rows(writer):
        for number in range(50_000):
            if number == 1_000:
                kill(database, writer)
            yield (number,)

    def load_while_somebody_ends_it():
        with database.writing() as writer:
            database.create_temporary(writer, "mp_stage", [("id", "bigint")])
            database.fill(writer, "mp_stage", ["id"], rows(writer))

    assert passing(fault_of(load_while_somebody_ends_it)) is Passing.CONNECTION_LOST


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
            kill(database, reader)
            ask(database, reader)

    assert passing(fault_of(ask_while_somebody_ends_it)) is Passing.CONNECTION_LOST


@pytest.mark.parametrize("limit", ["MAX_USER_CONNECTIONS", "MAX_CONNECTIONS_PER_HOUR"])
def test_a_login_that_has_enough_connections_for_now_passes(database, limit):
    def connect_twice(crowded):
        with crowded.engine.connect() as first, crowded.engine.connect():
            first.exec_driver_sql("SELECT 1")

    with login_of_little(database, f"ALTER USER {{}} WITH {limit} 1") as little:
        fault = fault_of(connect_twice, little)
    assert passing(fault) is Passing.TOO_MANY_CONNECTIONS


def test_a_server_that_has_enough_connections_for_now_passes(strained):
    def connect_often(crowded):
        with ExitStack() as open_:
            for _ in range(20):
                aside = open_database("one more", crowded.engine.url)
                open_.callback(aside.close)
                open_.enter_context(aside.engine.connect())

    with login_of_little(strained) as little:
        fault = fault_of(connect_often, little)
    assert "Too many connections" in strained.message(fault)
    assert passing(fault) is Passing.TOO_MANY_CONNECTIONS


def test_a_server_that_is_not_there_passes(database):
    away = open_database("away", database.engine.url.set(port=1))
    assert passing(fault_of(read, away)) is Passing.CONNECTION_LOST


# ---- faults that are final


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"username": "nobody"}, {"database": "nowhere"}], ids=str
)
def test_a_login_that_is_wrong_is_final(database, wrong):
    refused = open_database("wrong", database.engine.url.set(**wrong))
    assert passing(fault_of(read, refused)) is None


@pytest.mark.parametrize(
    "barred", ["ALTER USER {} ACCOUNT LOCK", "ALTER USER {} PASSWORD EXPIRE"], ids=str
)
def test_a_login_that_is_barred_is_final(database, barred):
    with login_of_little(database, barred) as little:
        fault = fault_of(read, little)
    assert passing(fault) is None
    assert not database.is_wrong_statement(fault)


def test_a_database_that_the_login_may_not_see_is_final(database):
    with login_of_little(database) as little:
        elsewhere = open_database("else", little.engine.url.set(database="mysql"))
        fault = fault_of(read, elsewhere)
    assert "to database 'mysql'" in database.message(fault)
    assert passing(fault) is None
    assert not database.is_wrong_statement(fault)


@pytest.mark.parametrize(
    ("statement", "missing"),
    [
        ("SELECT n FROM t", "SELECT command denied"),
        ("SELECT * FROM mysql.user", "SELECT command denied"),
        ("UPDATE t SET n = 2", "UPDATE command denied"),
        ("CREATE TABLE made (id int)", "CREATE command denied"),
    ],
)
def test_a_right_that_is_missing_is_final_and_blames_the_statement(database, statement, missing):
    with login_of_little(database) as little:
        fault = fault_of(write, little, statement)
    assert missing in database.message(fault)
    assert passing(fault) is None
    assert database.is_wrong_statement(fault)


def test_the_right_to_temporary_tables_that_is_missing_is_final(database):
    """It blames no statement of the job: the stage of a chunk is the target's own affair."""
    with login_of_little(database) as little:
        fault = fault_of(write, little, "CREATE TEMPORARY TABLE made (id int)")
    assert "Access denied" in database.message(fault)
    assert passing(fault) is None
    assert not database.is_wrong_statement(fault)


def test_a_source_query_that_writes_is_final_and_blames_the_statement(database):
    write(database, "CREATE SEQUENCE numbers")
    fault = fault_of(read, database, "SELECT NEXTVAL(numbers)")
    assert "READ ONLY transaction" in database.message(fault)
    assert passing(fault) is None
    assert database.is_wrong_statement(fault)


def test_a_server_that_only_reads_is_final_and_blames_no_statement(strained):
    with login_of_little(strained, "GRANT ALL ON *.* TO {}", NO_READ_ONLY_ADMIN) as little:
        switch(strained, "ON")
        try:
            fault = fault_of(write, little, RAISE.format(1))
        finally:
            switch(strained, "OFF")
    assert "--read-only" in strained.message(fault)
    assert passing(fault) is None
    assert not strained.is_wrong_statement(fault)


NO_READ_ONLY_ADMIN = "REVOKE READ_ONLY ADMIN, SUPER ON *.* FROM {}"


def switch(database, read_only):
    with database.engine.connect() as admin:
        admin.exec_driver_sql("ROLLBACK")  # the switch waits for no transaction, not even its own
        admin.exec_driver_sql(f"SET GLOBAL read_only = {read_only}")


def test_a_disk_without_room_is_final(strained):
    """What the server says of a tablespace that cannot grow, whoever keeps it from growing."""
    fill = "INSERT INTO much SELECT repeat('x', 5000) FROM seq_1_to_10000"
    fault = fault_of(write, strained, "CREATE TEMPORARY TABLE much (value text)", fill)
    assert "is full" in strained.message(fault)
    assert passing(fault) is None
    assert not strained.is_row_fault(fault)


def work_until_somebody_ends_it(database):
    with database.writing() as writer:
        killer = threading.Timer(0.3, kill, [database, writer, "QUERY"])
        killer.start()
        try:
            writer.exec_driver_sql(ENDLESS)
        finally:
            killer.join()


def work_until_its_time_is_over(database):
    write(database, f"SET STATEMENT max_statement_time = 0.1 FOR {ENDLESS}")


@pytest.mark.parametrize("work", [work_until_somebody_ends_it, work_until_its_time_is_over])
def test_a_statement_that_was_ended_is_final(database, work):
    """Whoever ends it means it; and its next run would last as long."""

    fault = fault_of(work, database)
    assert "interrupted" in database.message(fault)
    assert passing(fault) is None
    assert not database.is_wrong_statement(fault)


# ---- runs


def test_a_run_waits_for_a_server_that_is_killed_under_it(place):
    pause, tried = threading.Event(), []
    with ExitStack() as running:
        server = running.enter_context(mariadb_server(KEEPS_WHAT_IS_COMMITTED))
        database = open_database("both", server.create_database())
        running.callback(database.close)
        persons = f"CREATE TABLE person SELECT seq AS id, concat('n', seq) AS name FROM {SOME}"
        write(database, persons, "ALTER TABLE person ADD PRIMARY KEY (id)")
        tell = place.site.tell

        def kill_at_the_second_chunk(happened, **facts):
            tell(happened, **facts)
            if str(happened) == "chunk.started" and facts["chunk_no"] == 2:
                tried.append(facts["attempt"])
                if len(tried) == 1:
                    server.child.kill()
                    running.callback(started_again(server).stop)

        site = replace(
            place.site,
            databases=lambda _: database,
            tell=kill_at_the_second_chunk,
            sleep=lambda seconds: pause.wait(seconds / 10),
        )
        run = run_here(site, submit(site, place.parallel_job(10)), lambda _: None)
        with database.reading() as reader:
            [(loaded,)] = reader.exec_driver_sql("SELECT count(*) FROM dim_person").all()
    assert run.status is RunStatus.SUCCESS, run.message
    assert (run.tally.inserted, loaded) == (ROWS, ROWS)
    assert tried == list(range(1, len(tried) + 1))
    assert len(tried) > 1


SOME = f"seq_1_to_{ROWS}"
KEEPS_WHAT_IS_COMMITTED = {"innodb-flush-log-at-trx-commit": "2"}


def started_again(server):
    """The killed server's process on the data that it left; nobody waits until it answers."""
    command = [word for word in server.child.process.args if "--init-file" not in word]
    place = server.child.log.parent
    return start("mariadb", command, place, account=unprivileged_account())


def test_a_plan_whose_ledger_goes_away_is_written_down_again(place):
    ledger, ended = place.databases["ledger"], []

    @event.listens_for(ledger.engine, "before_cursor_execute")
    def end_it_once(connection, _cursor, statement, *_more):
        if "INSERT INTO dms_prcchunk" in statement and not ended:
            ended.append(statement)
            kill(ledger, connection)

    place.fill(ROWS)
    run = run_here(place.site, submit(place.site, place.parallel_job(10)), lambda _: None)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, ROWS), run.message
    assert place.events().count("run.tried_again") == len(ended) == 1


@pytest.fixture
def ledger_url(request):
    """The runs of this file keep their ledger on MariaDB."""
    return request.getfixturevalue("mariadb_ledger_url")
