"""A run of the workers, watched from here until it ends."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.client import MapperClient
    from mapper_tasks.ledger import Progress
    from mapper_tasks.model.run import Run

LOOK_AGAIN_SECONDS = 0.25


def follow(client: MapperClient, prcid: int, watch: Callable[[Progress], None]) -> Run:
    """The run as it ended; `watch` is told how far it is, also for the last time."""
    while True:
        progress = client.progress(prcid)
        watch(progress)
        if progress.run.status.final:
            return progress.run
        sleep(LOOK_AGAIN_SECONDS)
