"""A ledger of each kind, and the job and plans that its tests write into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mapper_tasks.dialects import open_database
from mapper_tasks.ledger import Ledger
from tests.ledger.runs import Runs

KINDS = {"sqlite": "sqlite_url", "postgresql": "pg_url", "mariadb": "mariadb_ledger_url"}


@pytest.fixture(params=[*KINDS, pytest.param("oracle", marks=pytest.mark.oracle)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database without runs, once of each kind that a ledger lives in."""
    url: str = request.getfixturevalue(KINDS.get(request.param, "oracle_url"))
    return url


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    database = open_database("ledger", database_url)
    ledger = Ledger(database)
    ledger.upgrade()
    yield ledger
    database.close()


@pytest.fixture
def runs(ledger: Ledger) -> Runs:
    return Runs(ledger)
