"""Celery processes beside the caller: worker nodes and Flower."""

from __future__ import annotations

import secrets
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from kombu.connection import Connection
from kombu.pidbox import Mailbox

from mapper_tasks.demo.children import Child, start, start_on_a_free_port, wait_until
from mapper_tasks.demo.workshop import workshop

_CELERY = (sys.executable, "-m", "celery", "-A", "worker_config")
_BROKER = "MAPPER_BROKER_URL"
_PING_SECONDS = 0.3


@dataclass(frozen=True)
class WorkerNode:
    """A running worker: one main process with its pool, under its own node name."""

    name: str
    child: Child

    @property
    def pid(self) -> int:
        return self.child.pid


@dataclass(frozen=True)
class FlowerNode:
    """A running Flower that asks for the login."""

    url: str
    user: str
    password: str
    child: Child


@contextmanager
def worker_node(
    name: str,
    environment: Mapping[str, str],
    *,
    concurrency: int = 1,
    arguments: Sequence[str] = (),
) -> Iterator[WorkerNode]:
    """One worker, listening when the block begins; see `worker_nodes`."""
    with worker_nodes([name], environment, concurrency=concurrency, arguments=arguments) as nodes:
        yield nodes[0]


@contextmanager
def worker_nodes(
    names: Sequence[str],
    environment: Mapping[str, str],
    *,
    concurrency: int = 1,
    arguments: Sequence[str] = (),
) -> Iterator[list[WorkerNode]]:
    """Workers `worker@<name>` that come up side by side, all listening when the block begins.

    `environment` holds their MAPPER_ variables, the broker's among them; none is inherited.
    """
    with workshop() as place:
        children: list[Child] = []
        try:
            for name in names:
                options = ("-n", f"worker@{name}", "-c", str(concurrency), *arguments)
                command = (*_CELERY, "worker", *options, "-I", "mapper_tasks.demo.pool_leash")
                children.append(start(name, command, place, environment=environment))
            nodes = [WorkerNode(f"worker@{child.name}", child) for child in children]
            _wait_for(nodes, environment[_BROKER])
            yield nodes
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()


def _wait_for(nodes: Sequence[WorkerNode], broker: str) -> None:
    names = [node.name for node in nodes]
    with Connection(broker) as connection:
        mailbox = Mailbox("celery", type="fanout", accept=["json"])(connection)

        def all_answer() -> bool:
            return len(mailbox.call(names, "ping", timeout=_PING_SECONDS) or ()) == len(names)

        wait_until(all_answer, [node.child for node in nodes], 60.0)


@contextmanager
def flower_node(environment: Mapping[str, str]) -> Iterator[FlowerNode]:
    """Flower on a free loopback port, behind a login that is made for this start.

    Its /metrics stay open whatever the login: Flower knows no other way.
    """
    user, password = "mapper", secrets.token_urlsafe(12)
    # Not on the command line, which every user of the machine can read.
    secret = {**environment, "FLOWER_BASIC_AUTH": f"{user}:{password}"}
    with workshop() as place:

        def begin(port: int) -> Child:
            command = (*_CELERY, "flower", "--address=127.0.0.1", f"--port={port}")
            return start("flower", command, place, environment=secret)

        port, child = start_on_a_free_port(begin, lambda port: _opens(port, user, password), 60.0)
        try:
            yield FlowerNode(_url(port), user, password, child)
        finally:
            child.stop()


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _opens(port: int, user: str, password: str) -> bool:
    """Whether the page is there for those who know the login."""
    token = b64encode(f"{user}:{password}".encode()).decode()
    caller = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        caller.request("GET", "/", headers={"Authorization": f"Basic {token}"})
        return caller.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        caller.close()
