"""A ledger of each kind, and the job and plans that its tests write into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mapper_tasks.dialects import open_database
from mapper_tasks.ledger import Ledger
from tests.ledger.runs import Runs


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
