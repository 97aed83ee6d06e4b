"""No process is forked in the middle of a thread's work.

A new process has only the thread that forked it, and every lock as it was at that moment: what
another thread held then, such as the lock of a module it imported, is never released there.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 10.0  # seconds for which a fork waits; a worker whose ledger hangs needs its processes


class Forks:
    """Forks of this process take turns with the work of its threads."""

    def __init__(self) -> None:
        self._turn = Condition()
        self._at_work = 0
        os.register_at_fork(
            before=self._before,
            after_in_parent=self._turn.release,
            after_in_child=self._after_in_child,
        )

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """For the work of one thread: a fork waits for the end of the block."""
        self._begin()
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def let_in(self) -> Iterator[None]:
        """Within `held_off`, while the thread only waits: forks may go on."""
        self._end()
        try:
            yield
        finally:
            self._begin()

    def _begin(self) -> None:
        with self._turn:
            self._at_work += 1

    def _end(self) -> None:
        with self._turn:
            self._at_work -= 1
            self._turn.notify_all()

    def _before(self) -> None:
        self._turn.acquire()
        self._turn.wait_for(lambda: not self._at_work, PATIENCE)

    def _after_in_child(self) -> None:
        self._at_work = 0  # those threads are not here
        self._turn.release()
