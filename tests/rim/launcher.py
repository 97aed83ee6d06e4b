"""Started and ended by test_servers: holds one server of each kind until somebody ends it."""

from __future__ import annotations

import signal

from mapper_tasks.demo.servers import (
    flower_node,
    orderly_exit,
    postgres_server,
    valkey_server,
    worker_nodes,
)


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
            print("holding", flush=True)  # noqa: T201
            while True:
                signal.pause()


if __name__ == "__main__":
    main()
