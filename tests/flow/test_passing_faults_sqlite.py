"""The faults of real SQLite files: made, and told apart by their codes."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import Passing, open_database, passing

ADD = "INSERT INTO t (n) VALUES (zeroblob(4000))"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "one.db"


@pytest.fixture
def database(file):
    database = open_database("one", f"sqlite:///{file}")
    write(database, "CREATE TABLE t (id integer PRIMARY KEY, n blob)", ADD)
    yield database
    database.close()


def write(database, *statements):
    with database.writing() as writer:
        for statement in statements:
            writer.exec_driver_sql(statement)


def read(database):
    with database.reading() as reader:
        reader.exec_driver_sql("SELECT * FROM t").all()


def fault_of(work, *arguments):
    with pytest.raises(DBAPIError) as failed:
        work(*arguments)
    return failed.value


def is_final(database, fault, words):
    """It passes by no wait, and neither a row nor the statement is to blame."""
    assert words in database.message(fault)
    assert passing(fault) is None
    assert not database.is_row_fault(fault)
    return not database.is_wrong_statement(fault)


def test_another_writer_passes(database, file):
    with closing(open_database("other", f"sqlite:///{file}")) as other, database.writing():

        def write_at_once():
            with other.hasty() as hasty:
                hasty.exec_driver_sql(ADD)

        fault = fault_of(write_at_once)
    assert passing(fault) is Passing.LOCK_TIMEOUT


def test_what_has_changed_since_it_was_read_passes(database):
    with database.engine.connect() as aside:
        aside.rollback()
        aside.connection.driver_connection.execute("PRAGMA journal_mode = WAL")

    def build_on_what_is_no_longer_so():
        with database.engine.connect() as connection:
            connection.exec_driver_sql("SELECT * FROM t").all()
            write(database, ADD)
            connection.exec_driver_sql(ADD)

    assert passing(fault_of(build_on_what_is_no_longer_so)) is Passing.LOCK_TIMEOUT


def test_a_disk_without_room_is_final(database):
    def write_much():
        with database.writing() as writer:
            writer.exec_driver_sql("PRAGMA max_page_count = 20")
            for _ in range(100):
                writer.exec_driver_sql(ADD)

    assert is_final(database, fault_of(write_much), "disk is full")


def test_a_file_that_may_only_be_read_is_final(database, file):
    with closing(open_database("one", f"sqlite:///file:{file}?mode=ro&uri=true")) as other:
        assert is_final(database, fault_of(write, other, ADD), "readonly database")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes wherever it likes")
def test_a_folder_that_may_only_be_read_is_final(database, file):
    file.parent.chmod(0o500)
    try:
        fault = fault_of(write, database, ADD)
    finally:
        file.parent.chmod(0o700)
    assert is_final(database, fault, "unable to open database file")


def test_a_file_that_is_gone_is_final(database, file):
    with database.writing() as writer:
        file.unlink()
        fault = fault_of(writer.exec_driver_sql, ADD)
    assert is_final(database, fault, "readonly database")


@pytest.mark.parametrize("work", [read, lambda other: write(other, ADD)], ids=["read", "write"])
def test_a_path_that_leads_nowhere_is_final(database, file, work):
    with closing(open_database("lost", f"sqlite:///{file.parent}/none/such.db")) as lost:
        assert is_final(database, fault_of(work, lost), "unable to open database file")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _: b"id,n\n" * 1000, "not a database"),
        (lambda good: good[:4096] + b"?" * (len(good) - 4096), "malformed"),
    ],
    ids=["text", "damaged"],
)
def test_a_file_that_is_no_database_is_final(database, file, spoil, words):
    for _ in range(5):
        write(database, ADD)
    database.close()
    Path(file).write_bytes(spoil(file.read_bytes()))
    assert is_final(database, fault_of(read, database), words)


def test_a_statement_that_was_ended_is_final(database):
    counting = "WITH RECURSIVE n AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"

    def work_until_somebody_ends_it():
        with database.reading() as reader:
            driver = reader.connection.driver_connection
            driver.set_progress_handler(lambda: database.cancel(reader), 10_000)
            try:
                reader.exec_driver_sql(counting)
            finally:
                driver.set_progress_handler(None, 0)

    assert is_final(database, fault_of(work_until_somebody_ends_it), "interrupted")
