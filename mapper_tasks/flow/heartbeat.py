"""A claim is kept alive beside the work, and the work learns when to end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow import target_lease
from mapper_tasks.flow.events import Event
from mapper_tasks.model import clock
from mapper_tasks.model.errors import ClaimLost, StopAsked

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.flow.site import Site
    from mapper_tasks.ledger import Beat
    from mapper_tasks.model.run import Claim, Run


def _nothing() -> None:
    """There is nothing to interrupt."""


class Heartbeat:
    """Beats from a thread with connections of its own, and looks for a stop between the beats.

    `interrupt` is called again and again from the moment that the work must end until it does: a
    statement may begin just after one was cancelled.
    """

    def __init__(
        self,
        site: Site,
        name: str,
        beat: Callable[[], Beat],
        look: Callable[[], Beat] | None = None,
        interrupt: Callable[[], None] = _nothing,
    ) -> None:
        self._site, self._name = site, name
        self._beat, self._look, self._interrupt = beat, look, interrupt
        self._over = threading.Event()
        self._lost = self._stop = False
        self._thread = threading.Thread(target=self._beat_on, name=f"beat {name}", daemon=True)

    @classmethod
    def of_chunk(cls, site: Site, claim: Claim, interrupt: Callable[[], None] = _nothing) -> Self:
        ledger, life = site.ledger, site.times.claim
        return cls(
            site,
            f"{claim.prcid}-{claim.chunk_no}",
            lambda: ledger.beat(claim, life),
            lambda: ledger.look(claim),
            interrupt,
        )

    @classmethod
    def of_planning(cls, site: Site, run: Run, token: str, interrupt: Callable[[], None]) -> Self:
        """For who plans a run, which may take a while where the source is read into a spool."""
        look, beat = (lambda: site.ledger.look_run(run.prcid, token)), _beat_of(site, run, token)
        return cls(site, str(run.prcid), beat, look, interrupt)

    @classmethod
    def of_run(cls, site: Site, run: Run, token: str) -> Self:
        """For who does a run all by itself: then the target's lease depends on it."""
        return cls(site, str(run.prcid), _beat_of(site, run, token))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def verdict(self) -> ClaimLost | StopAsked | None:
        """Why this attempt must end now, if it must."""
        if self._lost:
            return ClaimLost(f"{self._name}: another worker has taken over")
        if self._stop:
            return StopAsked(f"{self._name}: the run is to stop now")
        return None

    def check(self) -> None:
        """Raise ClaimLost or StopAsked when this attempt must end now."""
        if verdict := self.verdict():
            raise verdict

    def ask(self) -> None:
        """As `check`, by what the ledger says now: who was frozen knows only what was true."""
        self._hear((self._look or self._beat)())
        self.check()

    def _hear(self, answer: Beat) -> None:
        self._lost, self._stop = not answer.alive, answer.stop

    def _beat_on(self) -> None:
        times = self._site.times
        next_beat = clock.monotonic() + times.beat
        while not self._over.wait(times.beat if self._look is None else times.look):
            try:
                if self._look is None or clock.monotonic() >= next_beat:
                    next_beat = clock.monotonic() + times.beat
                    answer = self._beat()
                else:
                    answer = self._look()
            except SQLAlchemyError as fault:  # the claim may still outlive it
                self._site.tell(Event.BEAT_MISSED, of=self._name, fault=type(fault).__name__)
                continue
            self._hear(answer)
            if self.verdict():
                self._interrupt()


def _beat_of(site: Site, run: Run, token: str) -> Callable[[], Beat]:
    def beat() -> Beat:
        answer = site.ledger.beat_run(run.prcid, token, site.times.claim)
        target_lease.renew(site, run)
        return answer

    return beat
