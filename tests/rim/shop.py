"""A shop with customers in PostgreSQL, as source and target of the runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text

ROWS = 1200
VALUE = "a-value-of-a-row"


@dataclass
class Shop:
    """Source and target in one database, the ledger in another, and what workers are told."""

    engine: Engine
    ledger: Engine
    environment: dict[str, str]
    broker_url: str
    results_url: str = ""  # where chords join: a Redis, whatever the broker
    secrets: list[str] = field(default_factory=list)

    def job(self, mapref: str, **parallel: Any) -> dict[str, Any]:
        columns = {"customer_id": "id", "name": "name", "city": {"sql": "UPPER(city)"}}
        return {
            "mapref": mapref,
            "source": {"connection": "shop", "query": "SELECT * FROM customers"},
            "target": {
                "connection": "SHOP",
                "table": mapref.lower(),
                "scd_type": 2,
                "business_key": ["customer_id"],
                "columns": columns,
                "create": True,
            },
            "parallel_config": {"enable_parallel": True, "min_rows_for_parallel": 0, **parallel},
        }

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def noted(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the ledger."""
        with self.ledger.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def assert_loaded(self, mapref: str) -> None:
        """The target has every customer once, right to the row."""
        loaded = f"SELECT customer_id, name, city FROM {mapref.lower()} ORDER BY 1"
        wanted = "SELECT id, name, UPPER(city) FROM customers ORDER BY 1"
        assert self.rows(loaded) == self.rows(wanted)


def eventually(holds: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true answer; a hang is a failure."""
    until = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
    return answer
