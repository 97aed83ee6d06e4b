"""Everything that faults strike at, and the right ends to compare with."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from chaos import shop
from chaos.brokers import Broker, Rabbit, Valkey
from chaos.ends import End
from chaos.service import Service
from chaos.wire import Wire
from mapper_tasks.client import MapperClient
from mapper_tasks.demo.children import unprivileged_account
from mapper_tasks.demo.servers import (
    postgres_server,
    rabbitmq_server,
    valkey_server,
    worker_nodes,
)
from mapper_tasks.dialects import open_database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from worker_config.settings import Settings
from worker_config.site import open_site

if TYPE_CHECKING:
    from mapper_tasks.demo.servers import PostgresServer
    from mapper_tasks.dialects import Database
    from mapper_tasks.ledger import Ledger

NODES = ("one", "two", "three")
POOL = 1
PACE = 0.1  # a claim lives 3 s, rescue comes every second
LEDGER = "ledger"
NO_BROKER = "redis://127.0.0.1:1/0"


@dataclass
class Place:
    """Everything that a round needs. `references`: the right end of each version's run."""

    keys: int
    postgres: Service
    broker: Broker
    results: Valkey
    wire: Wire
    workers: list[Service]
    client: MapperClient
    ledger: Ledger
    noted: Database
    target: Database
    references: dict[int, End] = field(default_factory=dict)

    def mend(self) -> None:
        """Whatever is down comes up again, and whatever stands still goes on."""
        self.postgres.begin()
        self.broker.begin()
        self.wire.join()
        self.wire.be_faithful()
        for worker in self.workers:
            worker.send(signal.SIGCONT)
            worker.begin()

    def empty_target(self) -> None:
        shop.execute(self.target, "TRUNCATE dim")

    def logs(self) -> list[Path]:
        return [worker.child.log for worker in self.workers]


@contextmanager
def open_place(keys: int, kind: str = "redis") -> Iterator[Place]:
    """With tables of so many keys, fifty a chunk, and this kind of broker."""
    with ExitStack() as stack:
        # A commit that was promised survives an immediate shutdown.
        server = stack.enter_context(postgres_server({"synchronous_commit": "on"}))
        urls = {name: server.create_database(name) for name in (shop.SOURCE, shop.TARGET, LEDGER)}
        references = _references(server, urls[shop.SOURCE], keys)
        results = stack.enter_context(_valkey())
        broker = stack.enter_context(_rabbit()) if kind == "rabbitmq" else results
        wire = Wire(broker.url, redis=broker is results)
        wire.open()
        stack.callback(wire.close)
        assert server.child is not None
        account = unprivileged_account()
        postgres = Service(server.child, account=account, orphaned=signal.SIGQUIT)
        stack.callback(postgres.stop)
        environment = _environment(urls, wire.url, wire.url if broker is results else results.url)
        settings = _settings(environment)
        noted = open_database("noted", urls[LEDGER])
        target = open_database("target", urls[shop.TARGET])
        client = stack.enter_context(MapperClient(settings))
        site = stack.enter_context(open_site("chaos", settings))
        site.ledger.upgrade()
        shop.make_target(target)
        nodes = stack.enter_context(worker_nodes(NODES, environment, concurrency=POOL))
        workers = [Service(node.child, environment) for node in nodes]
        stack.callback(_end_all, workers)
        own = (site.ledger, noted, target, references)
        place = Place(keys, postgres, broker, results, wire, workers, client, *own)
        stack.callback(place.mend)
        yield place


@contextmanager
def _valkey() -> Iterator[Valkey]:
    with valkey_server() as server:
        assert server.child is not None
        valkey = Valkey(server.child, url=server.url)
        valkey.keep_data()
        try:
            yield valkey
        finally:
            valkey.stop()


@contextmanager
def _rabbit() -> Iterator[Rabbit]:
    with rabbitmq_server() as server:
        account = unprivileged_account()
        rabbit = Rabbit(server.child, server.environment, account, url=server.url)
        try:
            yield rabbit
        finally:
            rabbit.stop()


def _end_all(workers: list[Service]) -> None:
    for worker in workers:
        worker.child.ask_to_stop()
    for worker in workers:
        worker.child.stop()


def _references(server: PostgresServer, source: str, keys: int) -> dict[int, End]:
    """The same runs in one process, without a broker and without faults."""
    target, ledger = (server.create_database(f"reference_{name}") for name in ("target", LEDGER))
    urls = {shop.SOURCE: source, shop.TARGET: target, LEDGER: ledger}
    with open_site("reference", _settings(_environment(urls, *[NO_BROKER] * 2))) as site:
        site.ledger.upgrade()
        noted = open_database("noted", ledger)
        loaded = site.databases(shop.TARGET)
        shop.make_feeds(site.databases(shop.SOURCE), keys)
        shop.make_target(loaded)
        found = {}
        for version in shop.VERSIONS:
            prcid = submit(site, shop.job(version), here=True)
            run_here(site, prcid, lambda _: None)
            found[version] = End.of([prcid], site.ledger, noted, loaded)
        noted.close()
    return found


def _environment(urls: Mapping[str, str], broker: str, results: str) -> dict[str, str]:
    return {
        "MAPPER_BROKER_URL": broker,
        "MAPPER_RESULT_BACKEND": results,
        "MAPPER_METADATA_URL": urls[LEDGER],
        "MAPPER_CONNECTIONS__SHOP": urls[shop.SOURCE],
        "MAPPER_CONNECTIONS__WAREHOUSE": urls[shop.TARGET],
        "MAPPER_TEST_PACE": str(PACE),
    }


def _settings(environment: Mapping[str, str]) -> Settings:
    return Settings(
        broker_url=SecretStr(environment["MAPPER_BROKER_URL"]),
        result_backend=SecretStr(environment["MAPPER_RESULT_BACKEND"]),
        metadata_url=SecretStr(environment["MAPPER_METADATA_URL"]),
        connections={
            shop.SOURCE: SecretStr(environment["MAPPER_CONNECTIONS__SHOP"]),
            shop.TARGET: SecretStr(environment["MAPPER_CONNECTIONS__WAREHOUSE"]),
        },
        test_pace=PACE,
    )
