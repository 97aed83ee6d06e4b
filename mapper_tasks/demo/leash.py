"""A child process ends with its parent, however the parent ends.

The kernel keeps this promise on Linux (the parent-death signal), even when the parent was
killed and could clean up nothing. Elsewhere only an orderly end cleans up.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
# Opened here because a child between fork and exec must not load anything.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent: int, farewell: signal.Signals) -> None:
    """Ask the kernel to send `farewell` to this process when process `parent` ends."""
    if _LIBC is None:
        return
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, int(farewell), 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel knew our wish
        os._exit(1)


def leash(farewell: signal.Signals) -> Callable[[], None]:
    """What a child runs between fork and exec, so that it ends with the calling process.

    It belongs in `preexec_fn`, which runs after a change of user: that change clears the wish.
    """
    parent = os.getpid()
    return lambda: die_with(parent, farewell)


@contextmanager
def orderly_exit() -> Iterator[None]:
    """SIGTERM and SIGHUP unwind the stack like Ctrl-C, so that every server is stopped."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, _unwind) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unwind(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
