"""Every pair of databases that a job can go between."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.conformance.ends import Ends, open_database
from tests.oracle.server import empty

ORACLE = pytest.mark.oracle
ORACLE_PAIRS = (
    *("ora>ora", "ora=ora", "ora>pg", "pg>ora"),
    *("ora>lite", "lite>ora", "ora>maria", "maria>ora"),
)
PAIRS = [
    *("pg>pg", "pg=pg", "lite>lite", "lite=lite", "lite>pg", "pg>lite"),
    *("maria>maria", "maria=maria", "maria>pg", "pg>maria", "maria>lite", "lite>maria"),
    *[pytest.param(pair, marks=ORACLE) for pair in ORACLE_PAIRS],
]


@pytest.fixture(scope="session")
def two_postgres(postgres):
    """Two PostgreSQL databases of this process; each test finds them empty."""
    with postgres.fresh_database() as first, postgres.fresh_database() as second:
        yield first, second


@pytest.fixture(scope="session")
def two_mariadb(mariadb):
    """Two MariaDB databases of this process; each test finds them empty."""
    with mariadb.fresh_database() as first, mariadb.fresh_database() as second:
        yield first, second


@pytest.fixture(scope="session")
def two_oracle(oracle):
    """Two schemas of an Oracle; each test finds them empty."""
    with oracle.fresh_schema() as first, oracle.fresh_schema() as second:
        yield first, second


@pytest.fixture(params=PAIRS)
def ends(request, tmp_path):
    """A source and a target: `>` two databases, `=` one under two names."""
    if "ora" in request.param:
        request.getfixturevalue("oracle")  # before the other end, which takes its time
    source, target = request.param.replace("=", ">").split(">")
    first = _url(request, source, tmp_path, 0)
    second = first if "=" in request.param else _url(request, target, tmp_path, 1)
    both = Ends(open_database("a", first), open_database("b", second))
    with ExitStack() as open_:
        open_.callback(both.source.close)
        open_.callback(both.target.close)
        for end in (both.source, both.target):
            _empty(end)
        yield both


def _url(request, kind, folder, place):
    if kind == "lite":
        return f"sqlite:///{folder / f'{place}.db'}"
    servers = {"pg": "two_postgres", "maria": "two_mariadb", "ora": "two_oracle"}
    return request.getfixturevalue(servers[kind])[place]


def _empty(database):
    if database.kind == "postgresql":
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    if database.kind == "oracle":
        empty(database)
    if database.kind == "mariadb":
        with database.engine.begin() as connection:
            _drop_all_tables(connection)


def _drop_all_tables(connection):
    shown = connection.exec_driver_sql("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'").all()
    if shown:
        connection.exec_driver_sql("SET foreign_key_checks = 0")
        names = ", ".join(f"`{row[0]}`" for row in shown)
        connection.exec_driver_sql(f"DROP TABLE {names}")
        connection.exec_driver_sql("SET foreign_key_checks = 1")


@pytest.fixture(
    params=["sqlite_url", "pg_url", "mariadb_url", pytest.param("oracle_url", marks=ORACLE)]
)
def database_url(request):
    """An empty database of this test, once of each kind."""
    return request.getfixturevalue(request.param)
