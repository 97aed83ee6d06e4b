"""A ledger of each kind, and the job and plans that its tests write into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from mapper_tasks.ledger import Ledger
from tests.ledger.runs import Runs


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    engine = create_engine(database_url, pool_size=20)
    ledger = Ledger(engine)
    ledger.upgrade()
    yield ledger
    engine.dispose()


@pytest.fixture
def runs(ledger: Ledger) -> Runs:
    return Runs(ledger)
