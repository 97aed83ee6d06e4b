"""Started and ended by test_servers: holds one server of each kind until somebody ends it.

`launcher.py rabbitmq` holds that one alone.
"""

from __future__ import annotations

import signal
import sys

from mapper_tasks.demo.servers import (
    flower_node,
    orderly_exit,
    postgres_server,
    rabbitmq_server,
    valkey_server,
    worker_nodes,
)


def hold() -> None:
    print("holding", flush=True)  # noqa: T201
    while True:
        signal.pause()


def main() -> None:
    with orderly_exit(), postgres_server() as postgres, valkey_server() as broker:
        environment = {
            "MAPPER_BROKER_URL": broker.url,
            "MAPPER_METADATA_URL": postgres.url(),
        }
        with (
            worker_nodes(["one", "two"], environment, concurrency=2),
            flower_node(environment),
        ):
            hold()


def rabbitmq() -> None:
    with orderly_exit(), rabbitmq_server():
        hold()


if __name__ == "__main__":
    rabbitmq() if sys.argv[1:] == ["rabbitmq"] else main()
