"""What a session of a target promises to whoever comes after it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import Passing, open_database, passing

PATIENCE = 60.0


@pytest.fixture
def target(pg_url):
    database = open_database("target", pg_url)
    with database.writing() as writer:
        writer.exec_driver_sql("CREATE TABLE marker (chunk_no integer PRIMARY KEY)")
    yield database
    database.close()


def nothing():
    """The work is still ours."""


def gone():
    raise LookupError("a third has the work")


def mark(target, work, ask=nothing):
    with target.writing() as writer:
        target.take_over(writer, work, ask)
        writer.exec_driver_sql("INSERT INTO marker VALUES (1)")


def test_who_takes_over_does_not_wait_for_a_holder_that_moves_no_more(target):
    def go_on_after_the_heir():
        with target.writing() as frozen:
            target.take_over(frozen, "chunk 1", nothing)
            frozen.exec_driver_sql("INSERT INTO marker VALUES (1)")
            heir = threading.Thread(target=mark, args=(target, "chunk 1"), daemon=True)
            heir.start()
            heir.join(PATIENCE)
            assert not heir.is_alive(), "it waits for who is frozen"
            frozen.exec_driver_sql("SELECT 1")

    with pytest.raises(DBAPIError) as raised:
        go_on_after_the_heir()
    assert passing(raised.value) is Passing.RESTARTING
    with target.reading() as reader:
        assert reader.exec_driver_sql("SELECT * FROM marker").all() == [(1,)]


def test_who_has_lost_the_work_itself_ends_nobody(target):
    with target.writing() as holder:
        target.take_over(holder, "chunk 1", nothing)
        with pytest.raises(LookupError):
            mark(target, "chunk 1", gone)
        assert holder.exec_driver_sql("SELECT 1").scalar() == 1


def test_an_heir_that_came_while_who_takes_over_asked_is_not_ended(target):
    """It asks, stands still, and goes on when another has taken over in its place."""

    def come_late(heir):
        with target.writing() as late:
            late.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            target.take_over(late, "chunk 1", lambda: target.take_over(heir, "chunk 1", nothing))

    with target.engine.connect() as frozen, target.engine.connect() as heir:
        target.take_over(frozen, "chunk 1", nothing)
        with pytest.raises(DBAPIError, match="lock timeout"):
            come_late(heir)
        assert heir.exec_driver_sql("SELECT 1").scalar() == 1
        frozen.invalidate()


def test_who_does_other_work_is_left_alone(target):
    with target.writing() as other:
        target.take_over(other, "chunk 2", nothing)
        mark(target, "chunk 1")
        assert other.exec_driver_sql("SELECT 1").scalar() == 1


def test_postgresql_asks_whether_a_silent_client_is_alive(pg_url):
    database = open_database("target", pg_url)
    try:
        with database.writing() as writer:
            shown = [
                writer.exec_driver_sql(f"SHOW tcp_keepalives_{name}").scalar()
                for name in ("idle", "interval", "count")
            ]
    finally:
        database.close()
    assert shown == ["15", "5", "3"]
