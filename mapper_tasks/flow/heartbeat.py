"""A claim is kept alive beside the work, and the work learns when to end."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow.events import Event
from mapper_tasks.model.errors import ClaimLost, StopAsked

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Claim


class Heartbeat:
    """Beats every third of the claim's life, from a thread with a connection of its own."""

    def __init__(self, site: Site, claim: Claim) -> None:
        self._site, self._claim = site, claim
        self._over = threading.Event()
        self._lost = self._stop = False
        name = f"beat-{claim.prcid}-{claim.chunk_no}"
        self._thread = threading.Thread(target=self._beat_on, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def check(self) -> None:
        """Raise ClaimLost or StopAsked when this attempt must end now."""
        if self._lost:
            raise ClaimLost(f"chunk {self._claim.chunk_no}: another worker has taken over")
        if self._stop:
            raise StopAsked(f"chunk {self._claim.chunk_no}: the run is to stop now")

    def _beat_on(self) -> None:
        while not self._over.wait(self._site.claim_seconds / 3):
            try:
                beat = self._site.ledger.beat(self._claim, self._site.claim_seconds)
            except SQLAlchemyError as fault:  # the claim may still outlive it
                self._tell_missed(fault)
                continue
            self._lost, self._stop = not beat.alive, beat.stop

    def _tell_missed(self, fault: Exception) -> None:
        self._site.tell(
            Event.BEAT_MISSED,
            prcid=self._claim.prcid,
            chunk_no=self._claim.chunk_no,
            fault=type(fault).__name__,
        )
