"""Keeps moments of sources, in the main process of a worker: pool processes come and go."""

from __future__ import annotations

import os
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

from mapper_tasks.flow.events import Event
from mapper_tasks.flow.moments import keep
from worker_config.logs import tell
from worker_config.site import open_site

if TYPE_CHECKING:
    from worker_config.forks import Forks
    from worker_config.settings import Settings


class Over(Signal):
    """Set when the worker ends. While a thread waits for it, processes may be forked."""

    def __init__(self, forks: Forks) -> None:
        super().__init__()
        self._forks = forks

    def wait(self, timeout: float | None = None) -> bool:
        with self._forks.let_in():
            return super().wait(timeout)


class Keeper:
    """One thread a moment. A pool process asks through a pipe that it was born with."""

    def __init__(self, settings: Settings, forks: Forks) -> None:
        self._settings, self._forks = settings, forks
        self._ear, self._mouth = os.pipe()
        self._over = Over(forks)

    def ask(self, prcid: int) -> None:
        """Have a moment kept for the run. The answer is in the ledger."""
        os.write(self._mouth, f"{prcid}\n".encode())

    def begin(self, worker: str) -> None:
        Thread(target=self._listen, args=(worker,), name="keeper", daemon=True).start()

    def end(self) -> None:
        self._over.set()

    def _listen(self, worker: str) -> None:
        with os.fdopen(self._ear, closefd=False) as asked:
            for line in asked:
                arguments = (worker, int(line))
                Thread(target=self._keep, args=arguments, name="moment", daemon=True).start()

    def _keep(self, worker: str, prcid: int) -> None:
        try:
            with self._forks.held_off(), open_site(worker, self._settings) as site:
                keep(site, prcid, self._over)
        except Exception as fault:  # noqa: BLE001  # the rim: whoever asked waits, and asks again
            tell(Event.MOMENT_LOST, prcid=prcid, fault=type(fault).__name__)
