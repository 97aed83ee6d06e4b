"""Temporary directories for throw-away servers: removed at the end, swept after a kill."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "mapper-workshop-"
_LOCK = "in-use"
_UNLOCKED_GRACE_SECONDS = 60.0


@contextmanager
def workshop() -> Iterator[Path]:
    """A directory of this process that others may pass through, gone afterwards.

    The lock on it falls when the process ends in any way; by that a later start knows what
    a killed one has left, and removes it.
    """
    base = _base()
    _sweep(base)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    lock = os.open(place / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(lock)


def passable(path: Path) -> bool:
    """Whether every user may walk down to `path` and read it."""
    folders = all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
    needed = 0o005 if path.is_dir() or os.access(path, os.X_OK) else 0o004
    return folders and path.stat().st_mode & needed == needed


def _base() -> Path:
    chosen = Path(tempfile.gettempdir())
    # A server that gives up root's rights has to get there too.
    return chosen if os.geteuid() != 0 or passable(chosen) else Path("/tmp")  # noqa: S108


def _sweep(base: Path) -> None:
    for place in base.glob(f"{_PREFIX}*"):
        if _is_abandoned(place):
            shutil.rmtree(place, ignore_errors=True)


def _is_abandoned(place: Path) -> bool:
    try:
        facts = place.lstat()
        if facts.st_uid != os.geteuid():
            return False
        if not (place / _LOCK).exists():  # just being made, or half removed
            return time.time() - facts.st_mtime > _UNLOCKED_GRACE_SECONDS
        return not _is_locked(place / _LOCK)
    except OSError:  # another start sweeps it at this moment
        return False


def _is_locked(path: Path) -> bool:
    lock = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
