"""Rescue, in the main process of every worker: never in a pool process, which may be busy."""

from __future__ import annotations

import random
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

from mapper_tasks.flow.events import Event
from mapper_tasks.flow.rescue import sweep
from mapper_tasks.tasks.send import post_of
from worker_config.logs import tell
from worker_config.site import open_site

if TYPE_CHECKING:
    from celery import Celery

    from worker_config.forks import Forks
    from worker_config.settings import Settings


class Rescuer:
    """A thread that sweeps every so often, until the worker shuts down."""

    def __init__(self, app: Celery, settings: Settings, forks: Forks) -> None:
        self._app, self._settings, self._forks = app, settings, forks
        self._over = Signal()

    def begin(self, worker: str) -> None:
        Thread(target=self._go_on, args=(worker,), name="rescue", daemon=True).start()

    def end(self) -> None:
        self._over.set()

    def _go_on(self, worker: str) -> None:
        # Workers that were started together take turns.
        while not self._over.wait(self._settings.times.sweep * random.uniform(0.5, 1.0)):  # noqa: S311
            try:
                self._sweep(worker)
            except Exception as fault:  # noqa: BLE001  # the rim: the next round may do better
                tell(Event.RESCUE_FAILED, of="all", fault=type(fault).__name__)

    def _sweep(self, worker: str) -> None:
        # Own connections, closed after each round: a process that is forked later gets none.
        with self._forks.held_off(), open_site(worker, self._settings) as site:
            site.ledger.check()
            sweep(site, post_of(self._app, site.tell))
