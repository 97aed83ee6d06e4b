"""Servers and databases for the tests: one of each server a session, a fresh database a test.

Own servers on free ports, unless MAPPER_TEST_POSTGRES_URL, MAPPER_TEST_MARIADB_URL or
MAPPER_TEST_REDIS_URL name others. MariaDB comes from the system's packages, and its tests are
skipped where it is not installed. Oracle's are left out unless MAPPER_TEST_ORACLE_URL names a
server; asked for by name (-m oracle) they are skipped, and say so.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import delete

from mapper_tasks.demo.servers import (
    DATABASES,
    MariaDBServer,
    PostgresServer,
    ValkeyServer,
    WorkerNode,
    has_mariadb,
    mariadb_server,
    postgres_server,
    running_mariadb,
    running_postgres,
    running_valkey,
    valkey_server,
    worker_nodes,
)
from mapper_tasks.dialects import Database, open_database
from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.tables import metadata
from tests.oracle.server import OracleServer

# Databases take their time. By hand: pytest tests/properties --hypothesis-profile long
settings.register_profile(
    "suite", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("suite"), max_examples=3000)
settings.load_profile("suite")

# A shell that starts the tests in the background lets them ignore SIGINT, and every program that
# they start and interrupt would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

WAITING = ("rim", "chaos")
ORACLE_URL = "MAPPER_TEST_ORACLE_URL"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files whose tests mostly wait are begun first: at the end they would be waited for alone."""
    items.sort(key=lambda item: item.path.parent.name not in WAITING)
    if _leaves_out_oracle(config):
        left_out = [item for item in items if item.get_closest_marker("oracle")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("oracle")]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if _leaves_out_oracle(config):
        terminalreporter.write_line(
            "Oracle's tests were left out: MAPPER_TEST_ORACLE_URL names no server "
            "(docs/databases.md#oracle)"
        )


def _leaves_out_oracle(config: pytest.Config) -> bool:
    """There is no server for them, and nobody has asked for them."""
    return not os.environ.get(ORACLE_URL) and "oracle" not in config.getoption("markexpr")


_REDIS_DATABASES = 16  # of a server that is not ours

CeleryWorkers = Callable[..., list[WorkerNode]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL for all tests of this process."""
    if url := os.environ.get("MAPPER_TEST_POSTGRES_URL"):
        yield running_postgres(url)
        return
    with postgres_server() as server:
        yield server


@pytest.fixture
def pg_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDBServer]:
    """One MariaDB for all tests of this process."""
    if url := os.environ.get("MAPPER_TEST_MARIADB_URL"):
        yield running_mariadb(url)
        return
    if not has_mariadb():
        pytest.skip(
            "MariaDB is not installed here: apt install mariadb-server-core mariadb-client-core"
        )
    with mariadb_server() as server:
        yield server


@pytest.fixture
def mariadb_url(mariadb: MariaDBServer) -> Iterator[str]:
    """An empty MariaDB database of this test."""
    with mariadb.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def _mariadb_ledger(mariadb: MariaDBServer) -> Iterator[tuple[str, Database]]:
    with mariadb.fresh_database() as url:
        database = open_database("ledger", url)
        Ledger(database).upgrade()
        yield url, database
        database.close()


@pytest.fixture
def mariadb_ledger_url(_mariadb_ledger: tuple[str, Database]) -> str:
    """A MariaDB database with the ledger's tables, which take their time to be made, and no row."""
    url, database = _mariadb_ledger
    with database.deciding() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    return url


@pytest.fixture(scope="session")
def oracle() -> Iterator[OracleServer]:
    """An Oracle for all tests of this process."""
    url = os.environ.get(ORACLE_URL)
    if not url:
        pytest.skip(f"{ORACLE_URL} names no Oracle server, and none can be had here")
    server = OracleServer(url)
    yield server
    server.close()


@pytest.fixture
def oracle_url(oracle: OracleServer) -> Iterator[str]:
    """An empty schema of this test."""
    with oracle.fresh_schema() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database of this test: a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of this test, once of each kind."""
    url: str = request.getfixturevalue(
        {"sqlite": "sqlite_url", "postgresql": "pg_url"}[request.param]
    )
    return url


@pytest.fixture(scope="session")
def broker() -> Iterator[ValkeyServer]:
    """One broker for all tests of this process."""
    if url := os.environ.get("MAPPER_TEST_REDIS_URL"):
        yield running_valkey(url)
        return
    with valkey_server() as server:
        yield server


@pytest.fixture(scope="session")
def broker_numbers(broker: ValkeyServer) -> Iterator[int]:
    """Numbers of its databases in turn, so that a dying worker meets no later test."""
    return cycle(range(DATABASES if broker.child else _REDIS_DATABASES))


@pytest.fixture
def broker_url(broker: ValkeyServer, broker_numbers: Iterator[int]) -> str:
    """An empty broker database of this test."""
    number = next(broker_numbers)
    broker.flush(number)
    return broker.url_of(number)


@pytest.fixture
def celery_workers() -> Iterator[CeleryWorkers]:
    """Starts real worker nodes with the given MAPPER_ variables; they end with the test."""
    with ExitStack() as running:

        def begin(
            environment: Mapping[str, str],
            names: Sequence[str] = ("one",),
            *,
            concurrency: int = 1,
            arguments: Sequence[str] = (),
        ) -> list[WorkerNode]:
            nodes = worker_nodes(names, environment, concurrency=concurrency, arguments=arguments)
            return running.enter_context(nodes)

        yield begin
