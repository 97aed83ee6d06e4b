"""A run ends: once, whoever asks and however often, as the ledger finds its chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow import spooling, target_lease
from mapper_tasks.flow.events import Event

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Run


def finalize(site: Site, prcid: int) -> Run | None:
    """The final run if this call ended it; None: chunks are open, or it has ended before."""
    run = site.ledger.finalize(prcid)
    if run is None:
        return None
    target_lease.release(site, run)
    spooling.drop(site, run)
    site.tell(
        Event.RUN_ENDED,
        prcid=prcid,
        mapref=run.job.mapref,
        status=str(run.status),
        seconds=run.seconds,
        **run.tally.as_dict(),
    )
    return run
