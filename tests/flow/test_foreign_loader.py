"""A loader that knows nothing of the lease writes to the target while a chunk decides."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus
from tests.rules.tables import IDENTITY, TIME, one_a_key

OPEN = "TIMESTAMP '9999-12-31 00:00:00', 'Y'"
ANALYZE = {
    "postgresql": "ANALYZE dim",
    "mariadb": "ANALYZE TABLE dim",
    "oracle": "ANALYZE TABLE dim COMPUTE STATISTICS",
}
# The version of key 1 ends on the 11th, and another begins.
OF_THE_FOREIGNER = (
    (
        "UPDATE dim SET todt = TIMESTAMP '2026-01-11 00:00:00', curflg = 'N' "
        "WHERE id = 1 AND curflg = 'Y'"
    ),
    (
        "INSERT INTO dim (id, name, fromdt, todt, curflg) "
        f"VALUES (1, 'theirs', TIMESTAMP '2026-01-11 00:00:00', {OPEN})"
    ),
)
COMPARED = re.compile(r"INSERT INTO (ora\$ptt_)?mp_touched ")
WRITES = re.compile(r"INSERT INTO (\w+\.)?dim ")


@pytest.fixture(
    params=["pg_url", "mariadb_url", pytest.param("oracle_url", marks=pytest.mark.oracle)]
)
def target(request):
    """A table in which no unique index stands in the way of a second current version."""
    with closing(open_database("target", request.getfixturevalue(request.param))) as target:
        kind = TIME[target.kind]
        run(
            target,
            f"CREATE TABLE dim (skey {IDENTITY[target.kind]}, id integer NOT NULL, "
            f"name varchar(20), fromdt {kind}, todt {kind}, curflg char(1))",
            "CREATE INDEX dim_id ON dim (id)",
            *[
                "INSERT INTO dim (id, name, fromdt, todt, curflg) "
                f"VALUES ({key}, 'old', TIMESTAMP '2026-01-10 00:00:00', {OPEN})"
                for key in range(1, 201)
            ],
        )
        run(target, ANALYZE[target.kind])
        yield target


@pytest.fixture
def site(place, target):
    place.fill(0)
    with place.databases["source"].writing() as writer:
        writer.exec_driver_sql("ALTER TABLE person ADD seen TIMESTAMP")
        writer.exec_driver_sql(
            "INSERT INTO person VALUES (1, 'ours', '2026-01-12 00:00:00'),"
            " (2, 'old', '2026-01-10 00:00:00')"
        )
    databases = {"source": place.databases["source"], "target": target}
    return replace(place.site, databases=databases.__getitem__)


JOB = Job.read(
    {
        "mapref": "DIM",
        "source": {"connection": "source", "table": "person"},
        "target": {
            "connection": "target",
            "table": "dim",
            "scd_type": 2,
            "business_key": ["id"],
            "columns": {"id": "id", "name": "name"},
            "effective_from": "seen",
        },
    }
)


def run(database, *statements):
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def once_about(target, pattern, do, *, after):
    """`do()` once, beside the first statement that begins so."""
    done = []

    def beside(_connection, _cursor, statement, *_):
        if pattern.match(statement) and not done:
            done.append(True)
            do()

    event.listen(target.engine, f"{'after' if after else 'before'}_cursor_execute", beside)
    return done


def versions(target):
    with target.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, fromdt, todt, curflg FROM dim WHERE id = 1 ORDER BY fromdt")
        )
        return [(name, begin.day, end.day, flag) for name, begin, end, flag in rows]


def test_what_it_commits_after_our_comparison_is_not_overwritten(site, target):
    done = once_about(target, COMPARED, lambda: run(target, *OF_THE_FOREIGNER), after=True)
    ended = run_here(site, submit(site, JOB), lambda _: None)
    assert done
    assert ended.status is RunStatus.SUCCESS, ended.message
    assert versions(target) == [
        ("old", 10, 11, "N"),
        ("theirs", 11, 12, "N"),
        ("ours", 12, 31, "Y"),
    ]


def test_it_waits_for_what_we_have_decided_and_for_nothing_else(site, target):
    if not target.sees_others:
        pytest.skip(f"{target.kind} refuses our write, and we decide anew")
    waited: list[int] = []

    def is_held():
        with target.engine.begin() as foreigner:
            for key in (2, 1):
                query = f"SELECT id FROM dim WHERE id = {key} FOR UPDATE NOWAIT"
                try:
                    foreigner.execute(text(query)).all()
                except DBAPIError:
                    waited.append(key)

    done = once_about(target, WRITES, is_held, after=False)
    ended = run_here(site, submit(site, JOB), lambda _: None)
    assert done
    assert ended.status is RunStatus.SUCCESS, ended.message
    assert waited == [1]


def test_where_the_index_stands_nobody_opens_a_second_current_version(site, target):
    unique = one_a_key(target.kind, "dim", "id", versioned=True)
    run(target, *unique, "DELETE FROM dim WHERE id = 1")
    theirs = OF_THE_FOREIGNER[1]
    done = once_about(target, WRITES, lambda: run(target, theirs), after=False)
    ended = run_here(site, submit(site, JOB), lambda _: None)
    assert done
    assert ended.status is RunStatus.SUCCESS, ended.message
    errors = site.ledger.row_errors(ended.prcid)
    if target.sees_others:  # refused, our chunk has decided anew
        assert versions(target) == [("theirs", 11, 12, "N"), ("ours", 12, 31, "Y")]
        assert errors == []
    else:  # our row is refused, and says why
        assert versions(target) == [("theirs", 11, 31, "Y")]
        [error] = errors
        assert error["keyvalue"] == '{"id": "1"}'
        assert "dim_one" in error["dberrmsg"].lower()
