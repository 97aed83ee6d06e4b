"""What MariaDB alone does: loads from memory, text by its bytes, statements killed from outside."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.demo.servers import has_mariadb, mariadb_server
from mapper_tasks.dialects import open_database
from mapper_tasks.dialects.mariadb import loading
from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.errors import UnsuitableTarget, UnsupportedDatabase
from mapper_tasks.model.job import Job
from tests.conformance.ends import Ends, job


@pytest.fixture
def warehouse(mariadb_url):
    database = open_database("warehouse", mariadb_url)
    yield database
    database.close()


ENDLESS = "SELECT count(*) FROM seq_1_to_10000000 a, seq_1_to_10000000 b WHERE a.seq * b.seq = 7"


def working(database):
    """A connection with a statement that runs for long; what it raised is noted."""
    begun, raised = threading.Event(), []
    reader = database.engine.connect()

    def wait():
        reader.execute(text("SELECT 1"))
        begun.set()
        try:
            reader.execute(text(ENDLESS))
        except DBAPIError as fault:
            raised.append(fault)

    thread = threading.Thread(target=wait)
    thread.start()
    assert begun.wait(30)
    return reader, thread, raised


def test_a_statement_is_killed_from_another_session_which_stays_fit(warehouse):
    reader, thread, raised = working(warehouse)
    deadline = time.monotonic() + 60
    while thread.is_alive() and time.monotonic() < deadline:
        warehouse.cancel(reader)
        thread.join(0.2)

    assert not thread.is_alive()
    assert "interrupted" in warehouse.message(raised[0])
    assert not warehouse.is_passing(raised[0])
    assert reader.scalar(text("SELECT 1")) == 1
    reader.close()


def test_a_type_that_ends_in_2038_cannot_hold_the_open_end(mariadb_url):
    ends = Ends(open_database("a", mariadb_url), open_database("b", mariadb_url))
    times = "fromdt timestamp NULL, todt timestamp NULL"
    ends.on_target("CREATE TABLE src (id integer)")
    ends.on_target(f"CREATE TABLE trg (id integer, curflg char(1), {times})")

    with pytest.raises(UnsuitableTarget, match=r"todt is timestamp.* 9999-12-31") as refusal:
        check(Job.read(job({"id": "id"}, scd_type=2)), ends.source, ends.target)
    assert "datetime(6)" in refusal.value.remedy
    check(Job.read(job({"id": "id"}, scd_type=2, open_end=None)), ends.source, ends.target)

    ends.source.close()
    ends.target.close()


def test_cancelling_where_nothing_runs_does_nothing(warehouse):
    with warehouse.reading() as reader:
        reader.execute(text("SELECT 1"))
        warehouse.cancel(reader)
        assert reader.scalar(text("SELECT 2")) == 2


ROWS = [
    (1, "a\tb\\c\nd\0e\r", b"\x00\t\\\xff\n", None),
    (2, "", b"", "2020-01-01 00:00:00.5"),
    (3, "\\N", None, "9999-12-31 23:59:59"),
    (4, "☃😀'\"%", b"%s", None),
]


@pytest.mark.parametrize("local", [True, False], ids=["LOAD DATA", "INSERT"])
def test_rows_arrive_as_they_are_by_either_way(warehouse, local):
    with warehouse.writing() as writer:
        writer.info[loading.LOCAL] = local
        types = [("id", "bigint"), ("word", "longtext"), ("raw", "longblob"), ("at", "datetime(6)")]
        warehouse.create_temporary(writer, "mp_stage", types)
        warehouse.fill(writer, "mp_stage", [name for name, _ in types], iter(ROWS))
        found = writer.execute(text("SELECT id, word, raw, CAST(at AS char) FROM mp_stage")).all()
    assert [tuple(row[:3]) for row in found] == [row[:3] for row in ROWS]
    assert [row[3] for row in found][1:3] == [
        "2020-01-01 00:00:00.500000",
        "9999-12-31 23:59:59.000000",
    ]


@pytest.mark.parametrize("local", [True, False], ids=["LOAD DATA", "INSERT"])
@pytest.mark.parametrize(
    ("sql_type", "value"),
    [
        ("tinyint", "300"),
        ("integer", "x"),
        ("varchar(3)", "four"),
        ("decimal(4,2)", "1234"),
        ("date", "2020-02-30"),
        ("datetime", "0000-00-00"),
        ("varchar(9) CHARACTER SET latin1", "☃"),
    ],
)
def test_a_load_that_would_bend_a_value_fails_as_a_fault_of_a_row(
    warehouse, local, sql_type, value
):
    with warehouse.writing() as writer:
        writer.info[loading.LOCAL] = local
        warehouse.create_temporary(writer, "mp_stage", [("value", sql_type)])
        with pytest.raises(DBAPIError) as refusal:
            warehouse.fill(writer, "mp_stage", ["value"], [("1",), (value,)][1:])
        assert warehouse.is_row_fault(refusal.value)


def test_rows_that_break_off_leave_the_session_fit(warehouse):
    def rows():
        yield (1,)
        raise ValueError("given up")

    with warehouse.writing() as writer:
        warehouse.create_temporary(writer, "mp_stage", [("id", "bigint")])
        with pytest.raises(ValueError, match="given up"):
            warehouse.fill(writer, "mp_stage", ["id"], rows())
        assert writer.scalar(text("SELECT 5")) == 5


def test_a_fraction_in_a_text_is_not_rounded_into_an_integer(mariadb_url):
    both = Ends(open_database("a", mariadb_url), open_database("b", mariadb_url))
    both.on_source(
        "CREATE TABLE src (id int, n varchar(9), d decimal(5,2))",
        "INSERT INTO src VALUES (1, '2', 2), (2, '2.5', 2), (3, '2', 2.5)",
    )
    both.on_target("CREATE TABLE trg (id int, n int, d int)")
    staged, rows, _ = both.stage(job({name: name for name in ("id", "n", "d")}))
    assert [row[:3] for row in rows] == [("1", "2", "2")]
    bad = sorted(one.keyvalue for one in staged.rejected)
    assert bad == ['{"id": "2"}', '{"id": "3"}']
    both.source.close()
    both.target.close()


def test_temporary_tables_are_gone_when_the_session_is_back_in_its_pool(warehouse):
    with warehouse.writing() as writer:
        warehouse.create_temporary(writer, "mp_stage", [("id", "bigint")])
    with warehouse.writing() as writer, pytest.raises(DBAPIError, match="doesn't exist"):
        writer.execute(text("SELECT * FROM mp_stage"))


def test_a_server_that_says_it_is_mysql_is_read_and_not_written():
    """MariaDB under a version number of MySQL, by which the two are told apart."""
    if not has_mariadb():
        pytest.skip("MariaDB is not installed here")
    with mariadb_server({"version": "5.7.19"}) as server, server.fresh_database() as url:
        shop = open_database("shop", url.replace("mariadb+", "mysql+"))
        with shop.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE src AS SELECT 1 AS id")
        with shop.reading() as reader:
            assert reader.scalar(text("SELECT id FROM src")) == 1
        refused = pytest.raises(UnsupportedDatabase, match=r"MySQL.*not a target")
        with refused, shop.writing():
            pass
        with refused:
            check(Job.read(job({"id": "id"}, create=True)), shop, shop)
        shop.close()
