"""A worker that is asked to stop lets its chunks end, but not for ever."""

from __future__ import annotations

import os
import signal
from threading import Timer

from mapper_tasks.flow.events import Event
from worker_config.logs import tell


class Farewell:
    """After so many seconds the worker is told to stop at once: Celery alone waits for ever.

    Its pool processes end, their transactions are rolled back, and other workers take the chunks.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def begin(self) -> None:
        timer = Timer(self._seconds, self._end)
        timer.daemon = True
        timer.start()

    def _end(self) -> None:
        tell(Event.FAREWELL_OVER, seconds=self._seconds)
        os.kill(os.getpid(), signal.SIGQUIT)
