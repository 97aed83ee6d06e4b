"""Throw-away servers on free loopback ports, for the demo and for the tests.

Each is a context manager: running inside the block, and gone after it with its data. What is
killed with SIGKILL takes its servers along too (Linux).
"""

from mapper_tasks.demo.children import Child
from mapper_tasks.demo.leash import orderly_exit
from mapper_tasks.demo.mariadb import (
    MariaDBServer,
    has_mariadb,
    mariadb_server,
    running_mariadb,
)
from mapper_tasks.demo.nodes import (
    FlowerNode,
    WorkerNode,
    flower_node,
    worker_node,
    worker_nodes,
)
from mapper_tasks.demo.postgres import PostgresServer, postgres_server, running_postgres
from mapper_tasks.demo.rabbitmq import RabbitServer, rabbitmq_program, rabbitmq_server
from mapper_tasks.demo.valkey import DATABASES, ValkeyServer, running_valkey, valkey_server

__all__ = [
    "DATABASES",
    "Child",
    "FlowerNode",
    "MariaDBServer",
    "PostgresServer",
    "RabbitServer",
    "ValkeyServer",
    "WorkerNode",
    "flower_node",
    "has_mariadb",
    "mariadb_server",
    "orderly_exit",
    "postgres_server",
    "rabbitmq_program",
    "rabbitmq_server",
    "running_mariadb",
    "running_postgres",
    "running_valkey",
    "valkey_server",
    "worker_node",
    "worker_nodes",
]
