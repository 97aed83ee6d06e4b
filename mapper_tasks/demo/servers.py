"""Throw-away servers on free loopback ports, for the demo and for the tests.

Each is a context manager: running inside the block, and gone after it with its data. What is
killed with SIGKILL takes its servers along too (Linux).
"""

from mapper_tasks.demo.children import Child
from mapper_tasks.demo.leash import orderly_exit
from mapper_tasks.demo.nodes import (
    FlowerNode,
    WorkerNode,
    flower_node,
    worker_node,
    worker_nodes,
)
from mapper_tasks.demo.postgres import PostgresServer, postgres_server, running_postgres
from mapper_tasks.demo.valkey import DATABASES, ValkeyServer, running_valkey, valkey_server

__all__ = [
    "DATABASES",
    "Child",
    "FlowerNode",
    "PostgresServer",
    "ValkeyServer",
    "WorkerNode",
    "flower_node",
    "orderly_exit",
    "postgres_server",
    "running_postgres",
    "running_valkey",
    "valkey_server",
    "worker_node",
    "worker_nodes",
]
