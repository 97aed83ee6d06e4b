"""The faults of real SQLite files: made, and told apart by their codes."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import Passing, open_database, passing


@pytest.fixture
def file(tmp_path):
    return tmp_path / "one.db"


@pytest.fixture
def database(file):
    with closing(open_database("one", f"sqlite:///{file}")) as database:
        with database.writing() as writer:
            writer.exec_driver_sql("CREATE TABLE t (id integer PRIMARY KEY, n text)")
        yield database


INSERT = "INSERT INTO t (n) VALUES (hex(zeroblob(20000)))"


def fault_of(database, statement=INSERT):
    with pytest.raises(DBAPIError) as failed, database.writing() as writer:
        writer.exec_driver_sql(statement)
    return failed.value


def with_pragma(file, pragma):
    opened = open_database("limited", f"sqlite:///{file}")
    event.listen(
        opened.engine, "connect", lambda session, _: session.execute(f"PRAGMA {pragma}").close()
    )
    return closing(opened)


def test_another_writer_passes(database, file):
    with with_pragma(file, "busy_timeout = 50") as impatient, database.writing() as writer:
        writer.exec_driver_sql(INSERT)
        assert passing(fault_of(impatient)) is Passing.LOCK_TIMEOUT


def test_a_disk_that_is_full_is_final(database, file):
    with with_pragma(file, "max_page_count = 2") as full:
        fault = fault_of(full)
    assert "full" in full.message(fault)
    assert (passing(fault), full.is_row_fault(fault)) == (None, False)


def test_a_file_that_may_only_be_read_is_final(database, file):
    address = f"sqlite:///file:{file}?mode=ro&uri=true"
    with closing(open_database("reader", address)) as reader:
        fault = fault_of(reader)
    assert "readonly" in reader.message(fault)
    assert (passing(fault), reader.is_row_fault(fault)) == (None, False)


def test_a_source_is_only_read(database):
    with pytest.raises(DBAPIError) as failed, database.reading() as reader:
        reader.exec_driver_sql(INSERT)
    assert passing(failed.value) is None


def test_a_file_that_is_no_database_is_final(file):
    file.write_text("no database, but long enough to be taken for the head of one" * 20)
    with closing(open_database("letter", f"sqlite:///{file}")) as letter:
        fault = fault_of(letter)
    assert "not a database" in letter.message(fault)
    assert passing(fault) is None


def test_a_folder_that_is_not_there_is_final(tmp_path):
    with closing(open_database("lost", f"sqlite:///{tmp_path}/no/such.db")) as lost:
        fault = fault_of(lost)
    assert "unable to open" in lost.message(fault)
    assert passing(fault) is None


def test_a_table_that_is_not_there_is_the_statements_fault(database):
    fault = fault_of(database, "INSERT INTO nowhere VALUES (1)")
    assert database.is_wrong_statement(fault)
    assert passing(fault) is None
