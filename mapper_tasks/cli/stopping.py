"""What Ctrl-C means while a person watches a run."""

from __future__ import annotations

import signal
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from mapper_tasks.model.errors import RunOver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from mapper_tasks.cli.frame import Face
    from mapper_tasks.ledger import Ledger


@contextmanager
def stopping_on_ctrl_c(face: Face, ledger: Ledger, prcid: int) -> Iterator[None]:
    """Ctrl-C asks the local run to stop, so that it ends as STOPPED; a second one just ends it."""

    def ask_to_stop() -> None:
        with suppress(RunOver):
            ledger.request_stop(prcid, now=True)

    def on_ctrl_c(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        face.say(f"Stopping run {prcid}. What is committed stays; Ctrl-C again ends it at once.")
        # A thread, because what the signal interrupted may hold the ledger itself.
        Thread(target=ask_to_stop, name=f"stop-{prcid}").start()

    before = signal.signal(signal.SIGINT, on_ctrl_c)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def tell_that_it_goes_on(face: Face, prcid: int) -> None:
    """Ctrl-C while workers load: only the watching has ended."""
    face.say(f"\nRun {prcid} goes on without you.")
    face.say(f"  watch it: mapper status {prcid}\n  stop it:  mapper stop {prcid}")
