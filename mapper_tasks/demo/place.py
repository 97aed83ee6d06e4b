"""What the tour needs on this machine: servers, worker nodes, Flower, and a client of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper_tasks.client import MapperClient
from mapper_tasks.demo.servers import (
    FlowerNode,
    WorkerNode,
    flower_node,
    postgres_server,
    valkey_server,
    worker_nodes,
)
from worker_config.settings import Settings
from worker_config.site import open_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mapper_tasks.dialects import Database
    from mapper_tasks.ledger import Ledger

NODES = ("one", "two")


@dataclass(frozen=True)
class Place:
    """The tour's surroundings. `environment` is what another shell needs to work with them."""

    environment: Mapping[str, str]
    feeds: Database
    warehouse: Database
    ledger: Ledger
    client: MapperClient
    nodes: list[WorkerNode]
    flower: FlowerNode


@contextmanager
def open_place(tell: Callable[[str], None]) -> Iterator[Place]:
    """Start it all, on free loopback ports; all of it is gone afterwards."""
    tell("starting PostgreSQL")
    with postgres_server() as postgres, valkey_server() as valkey:
        names = ("feeds", "warehouse", "ledger")
        feeds, warehouse, ledger = (postgres.create_database(name) for name in names)
        environment = {
            "MAPPER_BROKER_URL": valkey.url_of(0),
            "MAPPER_METADATA_URL": ledger,
            "MAPPER_CONNECTIONS__FEEDS": feeds,
            "MAPPER_CONNECTIONS__WAREHOUSE": warehouse,
        }
        settings = _settings(environment)
        with open_site(settings=settings) as site:
            site.ledger.upgrade()
            tell("starting two workers and Flower")
            with (
                worker_nodes(NODES, environment) as nodes,
                flower_node(environment) as flower,
                MapperClient(settings) as client,
            ):
                yield Place(
                    environment,
                    site.databases("feeds"),
                    site.databases("warehouse"),
                    site.ledger,
                    client,
                    nodes,
                    flower,
                )


def _settings(environment: Mapping[str, str]) -> Settings:
    """What the worker nodes read from their environment, for this process."""
    return Settings.model_validate(
        {
            "broker_url": environment["MAPPER_BROKER_URL"],
            "metadata_url": environment["MAPPER_METADATA_URL"],
            "connections": {
                "feeds": environment["MAPPER_CONNECTIONS__FEEDS"],
                "warehouse": environment["MAPPER_CONNECTIONS__WAREHOUSE"],
            },
        }
    )
