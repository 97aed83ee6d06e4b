"""The ledger's tables: made from nothing, checked, and written so that other databases follow."""

from __future__ import annotations

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text, update
from sqlalchemy.dialects import mysql, oracle
from sqlalchemy.schema import CreateIndex, CreateTable

from mapper_tasks.dialects import open_database
from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.schema import REVISION, VERSION_TABLE
from mapper_tasks.ledger.tables import metadata, prcchunk
from mapper_tasks.ledger.types import LedgerNow
from mapper_tasks.model.errors import DatabaseUnreachable, LedgerOutdated
from tests.ledger.runs import a_job


@pytest.fixture(params=["sqlite_url", "pg_url", "mariadb_url"])
def database(request):
    """An empty one."""
    database = open_database("ledger", request.getfixturevalue(request.param))
    yield database
    database.close()


def differences(database):
    """Of the tables that are there from those that the code knows."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return compare_metadata(context, metadata)


def test_an_upgrade_makes_the_tables_that_the_code_knows(database):
    ledger = Ledger(database)
    assert ledger.upgrade() == REVISION
    ledger.check()
    assert differences(database) == []
    with database.engine.connect() as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_an_upgrade_of_what_is_new_enough_keeps_everything(database):
    ledger = Ledger(database)
    ledger.upgrade()
    prcid = ledger.submit(a_job())
    assert ledger.upgrade() == REVISION
    assert ledger.run(prcid).job == a_job()


def test_upgrades_at_once_make_the_tables_once(database):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: Ledger(database).upgrade(), range(4)))
    assert found == [REVISION] * 4


def test_an_upgrade_that_died_at_any_statement_is_begun_again(database):
    """Every statement that writes fails when it is met for the first time."""
    met = set()

    def fail_once(_connection, _cursor, statement, *_rest):
        writes = statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
        if writes and statement not in met:
            met.add(statement)
            raise ConnectionAbortedError(statement)

    event.listen(database.engine, "before_cursor_execute", fail_once)
    ledger = Ledger(database)
    attempts = 0
    while attempts == 0 or attempts == len(met):
        attempts += 1
        with suppress(ConnectionAbortedError):
            ledger.upgrade()
    assert attempts == len(met) + 1 > 20
    assert differences(database) == []
    ledger.check()


def test_the_newest_migration_is_the_one_the_code_needs():
    config = Config()
    config.set_main_option("script_location", "mapper_tasks.ledger:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_postgresql_ledger_without_tables_is_refused_with_the_mend(pg_url):
    database = open_database("ledger", pg_url)
    with pytest.raises(LedgerOutdated, match="no tables") as refused:
        Ledger(database).check()
    assert "mapper init" in str(refused.value)
    database.close()


def test_a_ledger_that_does_not_answer_is_named_without_its_password():
    database = open_database("ledger", "postgresql+psycopg://me:secret@127.0.0.1:1/nowhere")
    with pytest.raises(DatabaseUnreachable, match="the ledger: ") as refused:
        Ledger(database).check()
    assert "secret" not in str(refused.value)


def test_an_empty_sqlite_ledger_is_made_by_its_check(sqlite_url):
    database = open_database("ledger", sqlite_url)
    ledger = Ledger(database)
    ledger.check()
    ledger.check()
    assert ledger.runs() == []
    database.close()


@pytest.mark.parametrize(("found", "mend"), [("0000", "mapper init"), ("9999", "upgrade mapper")])
def test_a_ledger_of_another_revision_is_refused_with_the_mend(database, found, mend):
    ledger = Ledger(database)
    ledger.upgrade()
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :n"), {"n": found})
    with pytest.raises(LedgerOutdated, match=found) as refused:
        ledger.check()
    assert mend in str(refused.value)


def test_a_ledger_of_the_future_is_not_upgraded(database):
    ledger = Ledger(database)
    ledger.upgrade()
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LedgerOutdated):
        ledger.upgrade()


def test_a_reader_of_sqlite_does_not_wait_for_a_writer(tmp_path):
    path = tmp_path / "ledger.db"
    database = open_database("ledger", f"sqlite:///{path}")
    ledger = Ledger(database)
    ledger.upgrade()
    prcid = ledger.submit(a_job())
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE dms_prclog SET prclog = 'half done'")
    assert ledger.run(prcid).message == ""
    writer.close()
    database.close()


def test_a_number_of_a_run_is_never_used_again(database):
    ledger = Ledger(database)
    ledger.upgrade()
    first = ledger.submit(a_job())
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM dms_prclog"))
    assert ledger.submit(a_job()) > first


# What a database refuses, or spells in a way that would not do.
UNFIT = ("RETURNING", "ON CONFLICT", "BOOLEAN", "make_interval", "strftime")


@pytest.mark.parametrize("dialect", [mysql.dialect(), oracle.dialect()], ids=lambda d: d.name)
def test_tables_and_clock_can_be_spelled_for_the_databases_to_come(dialect):
    statements = [CreateTable(table) for table in metadata.tables.values()]
    statements += [CreateIndex(i) for table in metadata.tables.values() for i in table.indexes]
    statements.append(update(prcchunk).values(lease_until=LedgerNow(60), source=1))
    for statement in statements:
        spelled = str(statement.compile(dialect=dialect))
        assert not [word for word in UNFIT if word in spelled]
        assert not re.search(r"\bDATE\b", spelled), "a DATE of Oracle has no fraction"


def test_ten_thousand_chunks_cost_the_same_each(ledger, runs):
    prcid = runs.planned(10_000, max_workers=2)
    statements = []
    event.listen(
        ledger._database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement),
    )
    costs = []
    for chunk_no, _ in [*ledger.dispatch(prcid, 10), *ledger.dispatch(prcid, 10)]:
        statements.clear()
        runs.apply(prcid, chunk_no)
        ledger.dispatch(prcid, 1)
        ledger.may_end(prcid)
        ledger.progress(prcid)
        costs.append(len(statements))
    assert costs == [costs[0]] * 2
    assert costs[0] < 25
