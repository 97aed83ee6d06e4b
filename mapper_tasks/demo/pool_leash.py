"""Imported by a worker node (`celery worker --include`): its pool processes end with it.

A signal set before the worker's own exec does not reach the processes that it forks later.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from celery.signals import worker_process_init

from mapper_tasks.demo.leash import die_with

_NODE = os.getpid()


def end_with_the_node(**_: Any) -> None:
    """Tie a new pool process to its node's main process."""
    die_with(_NODE, signal.SIGKILL)


worker_process_init.connect(end_with_the_node, weak=False)
