"""The chunks of a run in this process, one after another, by the same code as anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow.process import process_chunk
from mapper_tasks.model.status import ChunkStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.flow.attempt import Outcome
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Run

OPEN = (ChunkStatus.PENDING, ChunkStatus.RUNNING)


def _nobody(outcome: Outcome) -> None:
    """Nobody watches."""


def work_off(site: Site, run: Run, watch: Callable[[Outcome], None] = _nobody) -> None:
    """Process every chunk that is open; `watch` is told of each outcome."""
    for chunk in site.ledger.chunks(run.prcid):
        if chunk.status in OPEN:
            watch(_to_its_end(site, run.prcid, chunk.chunk_no))


def _to_its_end(site: Site, prcid: int, chunk_no: int) -> Outcome:
    outcome = process_chunk(site, prcid, chunk_no)
    while outcome.again_in is not None:
        site.sleep(outcome.again_in)
        outcome = process_chunk(site, prcid, chunk_no)
    return outcome
