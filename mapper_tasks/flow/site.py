"""What a run needs from the place where it runs, and what it asks of the queue system."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mapper_tasks.flow.times import Times
from mapper_tasks.model.clock import utcnow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from mapper_tasks.dialects import Database
    from mapper_tasks.ledger import Ledger
    from mapper_tasks.model.run import Run
    from mapper_tasks.planning import ParallelDefaults


def _silent(event: str, **facts: Any) -> None:
    """Tell nobody."""


def _unknown() -> int | None:
    return None


def _nobody(prcid: int) -> None:
    """Nobody keeps a moment."""


@dataclass(frozen=True)
class Site:
    """The ledger, the databases by name, and the rules of the place where a run works."""

    ledger: Ledger
    databases: Callable[[str], Database]
    defaults: ParallelDefaults
    allowed_modules: frozenset[str] = frozenset()
    worker: str = "local"
    workers: Callable[[], int | None] = _unknown  # how many chunks can be worked on at once
    tell: Callable[..., None] = field(default=_silent)
    now: Callable[[], datetime] = utcnow
    sleep: Callable[[float], None] = time.sleep
    times: Times = field(default_factory=Times)
    keep_moment: Callable[[int], None] = _nobody  # of the run's source; it answers in the ledger


@dataclass(frozen=True)
class Post:
    """What a run asks of the queue system. Each only sends, and may lose what it sends.

    `chord` and `chunks` get the run and its (chunk_no, task_id) pairs, already in the ledger.
    `revoke` gets task ids. `waiting` is the number of messages of chunks that nobody has fetched
    yet; None: the broker does not answer.
    """

    execute: Callable[[Run], None]
    chord: Callable[[Run, Sequence[tuple[int, str]]], None]
    chunks: Callable[[Run, Sequence[tuple[int, str]]], None]
    finalize: Callable[[Run], None]
    revoke: Callable[[Run, Sequence[str]], None]
    waiting: Callable[[], int | None]
