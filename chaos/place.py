"""The machinery that faults strike: services that can be killed and begun again as they were."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import redis
from pydantic import SecretStr

from chaos import shop
from chaos.ends import End
from chaos.wire import Wire
from mapper_tasks.client import MapperClient
from mapper_tasks.demo.children import Child, start, unprivileged_account, wait_until
from mapper_tasks.demo.servers import postgres_server, valkey_server, worker_nodes
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


@dataclass
class Service:
    """A process under one name, whichever it is at the moment."""

    child: Child
    environment: Mapping[str, str] = field(default_factory=dict)
    server: bool = False  # a database server, which runs as nobody

    def begin(self) -> None:
        """Start it again with the same words in the same place."""
        if self.child.alive():
            return
        self.child = start(
            self.child.name,
            self.child.process.args,  # type: ignore[arg-type]  # a list, as it was started
            self.child.log.parent,
            environment=self.environment,
            account=unprivileged_account() if self.server else None,
            farewell=self.child.farewell,
            orphaned=signal.SIGQUIT if self.server else signal.SIGKILL,
        )

    def kill(self) -> None:
        self.child.kill()

    def stop(self) -> None:
        self.child.stop()

    def shut_down_at_once(self) -> None:
        self.child.process.send_signal(signal.SIGQUIT)
        try:
            self.child.process.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            time.sleep(1)  # its own processes notice, and let go of the shared memory

    def send(self, number: signal.Signals) -> None:
        """To the whole process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)

    def pool(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.child.pid).children()
        return []


@dataclass
class Broker(Service):
    """Valkey that keeps its data in a file, unless it is to lose it."""

    url: str = ""

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def lose_data(self) -> None:
        for file in (self.child.log.parent / "appendonlydir").glob("*"):
            file.unlink()

    def keep_data(self) -> None:
        """From now on: it is started again with a file of what it has."""
        settings = Path(str(self.child.process.args[1]))  # type: ignore[index]
        words = settings.read_text().replace("appendonly no", "appendonly yes")
        self.child.stop()
        settings.write_text(words)
        self.begin()
        wait_until(self.answers, [self.child], 20)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@dataclass
class Place:
    """Everything that a round needs. `references`: the right end of each version's run."""

    keys: int
    postgres: Service
    broker: Broker
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
def open_place(keys: int) -> Iterator[Place]:
    """With tables of so many keys, fifty a chunk."""
    with ExitStack() as stack:
        # A commit that was promised survives an immediate shutdown.
        server = stack.enter_context(postgres_server({"synchronous_commit": "on"}))
        urls = {name: server.create_database(name) for name in (shop.SOURCE, shop.TARGET, LEDGER)}
        references = _references(server, urls[shop.SOURCE], keys)
        valkey = stack.enter_context(valkey_server())
        assert server.child is not None
        assert valkey.child is not None
        broker = Broker(valkey.child, url=valkey.url)
        broker.keep_data()
        stack.callback(broker.stop)
        wire = Wire(valkey.url)
        wire.open()
        stack.callback(wire.close)
        postgres = Service(server.child, server=True)
        stack.callback(postgres.stop)
        environment = _environment(urls, wire.url)
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
        place = Place(
            keys, postgres, broker, wire, workers, client, site.ledger, noted, target, references
        )
        stack.callback(place.mend)
        yield place


def _end_all(workers: list[Service]) -> None:
    for worker in workers:
        worker.child.ask_to_stop()
    for worker in workers:
        worker.child.stop()


def _references(server: PostgresServer, source: str, keys: int) -> dict[int, End]:
    """The same runs in one process, without a broker and without faults."""
    target, ledger = (server.create_database(f"reference_{name}") for name in ("target", LEDGER))
    urls = {shop.SOURCE: source, shop.TARGET: target, LEDGER: ledger}
    with open_site("reference", _settings(_environment(urls, "redis://127.0.0.1:1/0"))) as site:
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


def _environment(urls: Mapping[str, str], broker: str) -> dict[str, str]:
    return {
        "MAPPER_BROKER_URL": broker,
        "MAPPER_METADATA_URL": urls[LEDGER],
        "MAPPER_CONNECTIONS__SHOP": urls[shop.SOURCE],
        "MAPPER_CONNECTIONS__WAREHOUSE": urls[shop.TARGET],
        "MAPPER_TEST_PACE": str(PACE),
    }


def _settings(environment: Mapping[str, str]) -> Settings:
    return Settings(
        broker_url=SecretStr(environment["MAPPER_BROKER_URL"]),
        metadata_url=SecretStr(environment["MAPPER_METADATA_URL"]),
        connections={
            shop.SOURCE: SecretStr(environment["MAPPER_CONNECTIONS__SHOP"]),
            shop.TARGET: SecretStr(environment["MAPPER_CONNECTIONS__WAREHOUSE"]),
        },
        test_pace=PACE,
    )
