"""A shop on own servers, for benches that need real workers and a broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis
from pydantic import SecretStr
from sqlalchemy import text

from mapper_tasks.client import MapperClient
from mapper_tasks.demo.servers import ValkeyServer, postgres_server, valkey_server
from mapper_tasks.dialects import Database, open_database
from mapper_tasks.ledger import Ledger
from worker_config.settings import Settings
from worker_config.site import open_site

POLL = 0.02


@dataclass
class Crew:
    """One database as source and target, a ledger, a broker, and a client of them."""

    environment: dict[str, str]
    shop: Database
    ledger: Ledger
    client: MapperClient
    broker: ValkeyServer

    def run(self, *statements: str) -> None:
        with self.shop.writing() as writer:
            for statement in statements:
                writer.execute(text(statement))

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.broker.url)

    def job(self, mapref: str, chunk_size: int, **source: Any) -> dict[str, Any]:
        return {
            "mapref": mapref,
            "source": {"connection": "shop", "table": "feed", **source},
            "target": {
                "connection": "shop",
                "table": mapref.lower(),
                "scd_type": 2,
                "business_key": ["id"],
                "columns": {"id": "id", "name": "name"},
                "create": True,
            },
            "parallel_config": {
                "enable_parallel": True,
                "min_rows_for_parallel": 0,
                "chunk_size": chunk_size,
            },
        }


@contextmanager
def crew(rows: int) -> Iterator[Crew]:
    """With a feed of so many rows, and nobody at work yet."""
    with (
        postgres_server() as server,
        valkey_server() as broker,
        server.fresh_database() as shop,
        server.fresh_database() as ledger,
    ):
        environment = {
            "MAPPER_BROKER_URL": broker.url,
            "MAPPER_METADATA_URL": ledger,
            "MAPPER_CONNECTIONS__SHOP": shop,
        }
        settings = Settings(
            broker_url=SecretStr(broker.url),
            metadata_url=SecretStr(ledger),
            connections={"shop": SecretStr(shop)},
        )
        database = open_database("shop", shop)
        with open_site("bench", settings) as site, MapperClient(settings) as client:
            site.ledger.upgrade()
            found = Crew(environment, database, site.ledger, client, broker)
            found.run(
                "CREATE TABLE feed AS SELECT CAST(i AS bigint) AS id, 'name ' || i AS name "
                f"FROM generate_series(1, {rows}) AS i",
                "ALTER TABLE feed ADD PRIMARY KEY (id)",
                "ANALYZE feed",
            )
            yield found
            database.close()


def seconds_until(holds: Callable[[], Any], most: float = 3600) -> float:
    """How long it takes. Raises TimeoutError when it takes too long."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() > begun + most:
            raise TimeoutError(f"not within {most:g} s")
        time.sleep(POLL)
    return time.monotonic() - begun
