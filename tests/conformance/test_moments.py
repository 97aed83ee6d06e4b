"""One moment of a database, seen by several transactions: where the database can."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import open_database
from mapper_tasks.model.errors import MomentGone, NoSharedMoment

# Oracle keeps what was by its undo, whoever goes.
KEPT_BY_A_SESSION = pytest.mark.parametrize("sharing", ["pg_url"], indirect=True)


@pytest.fixture(params=["pg_url", pytest.param("oracle_url", marks=pytest.mark.oracle)])
def sharing(request):
    one = open_database("shop", request.getfixturevalue(request.param))
    with one.writing() as writer:
        writer.exec_driver_sql("CREATE TABLE t (a integer)")
        writer.exec_driver_sql("INSERT INTO t VALUES (1)")
    yield one
    one.close()


def change(database):
    with database.writing() as writer:
        writer.exec_driver_sql("UPDATE t SET a = a + 1")


def seen(database, moment):
    with database.reading_as_of(moment) as reader:
        return reader.exec_driver_sql("SELECT a FROM t").scalar_one()


def test_transactions_begun_after_a_change_see_the_moment_before_it(sharing):
    with sharing.keeping_moment() as kept:
        change(sharing)
        assert [seen(sharing, kept.token), seen(sharing, kept.token)] == [1, 1]
        change(sharing)
        assert [seen(sharing, kept.token), seen(sharing, None)] == [1, 3]
        kept.look()


def test_nothing_can_be_written_at_a_moment(sharing):
    with (
        sharing.keeping_moment() as kept,
        sharing.reading_at(kept.token) as reader,
        pytest.raises(DBAPIError),
    ):
        reader.exec_driver_sql("DELETE FROM t")


@KEPT_BY_A_SESSION
def test_what_has_begun_reads_on_when_the_moment_is_kept_no_longer(sharing):
    with ExitStack() as open_:
        with sharing.keeping_moment() as kept:
            reader = open_.enter_context(sharing.reading_at(kept.token))
        change(sharing)
        assert reader.exec_driver_sql("SELECT a FROM t").scalar_one() == 1


@KEPT_BY_A_SESSION
def test_a_moment_that_is_kept_no_longer_is_refused_with_its_code(sharing):
    with sharing.keeping_moment() as kept:
        pass
    with pytest.raises(MomentGone, match="MAP-4005"), sharing.reading_at(kept.token):
        pass


@pytest.mark.parametrize("token", ["", "00000003-0000001B-1", "no such thing", "' --"])
def test_a_token_of_no_moment_is_refused_alike(sharing, token):
    with pytest.raises(MomentGone), sharing.reading_at(token):
        pass


def test_a_database_that_cannot_says_so(sqlite_url):
    database = open_database("shop", sqlite_url)
    assert not database.shares_moments
    with pytest.raises(NoSharedMoment, match="MAP-2004"):
        database.keeping_moment()
    with pytest.raises(NoSharedMoment):
        database.reading_at("1")
