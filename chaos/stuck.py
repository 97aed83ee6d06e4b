"""A call that does not return is a hang too: it is ended, and told where it was."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SHOWN = 6  # of the callers, the innermost


class Stuck(BaseException):
    """Raised in the main thread, wherever it waits; no patience of a library catches it."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises Stuck when the block takes longer. In the main thread only."""
    before = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _raise(_number: int, frame: FrameType | None) -> None:
    callers = traceback.extract_stack(frame)[-SHOWN:]
    raise Stuck(" > ".join(f"{caller.name}:{caller.lineno}" for caller in callers))
