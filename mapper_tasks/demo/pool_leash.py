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


@worker_process_init.connect(weak=False)
def _end_with_the_node(**_: Any) -> None:
    die_with(_NODE, signal.SIGKILL)
