"""A run begins: it is written down before anybody is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow.events import Event

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job


def submit(
    site: Site,
    job: Job,
    request_key: str | None = None,
    *,
    wait_for_target: bool = False,
    here: bool = False,
    replays: int | None = None,
) -> int:
    """The prcid of a new PENDING run of the job.

    The same `request_key` gives the same run: a request that arrives twice makes one run.
    `wait_for_target`: while another run loads its target it waits. `here`: this process does it.
    `replays`: the run whose row errors it goes over.
    """
    prcid = site.ledger.submit(
        job,
        request_key=request_key,
        wait_for_target=wait_for_target,
        here=here,
        replays=replays,
    )
    site.tell(Event.RUN_SUBMITTED, prcid=prcid, mapref=job.mapref)
    return prcid
