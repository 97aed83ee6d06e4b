"""A run is stopped: in writing first, then what still waits is called back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow.finalize import finalize

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Post, Site


def stop(site: Site, prcid: int, post: Post, *, now: bool = False) -> None:
    """Nothing of the run starts after this. Raises RunOver (MAP-5005) when it has ended."""
    site.ledger.request_stop(prcid, now=now)
    carry_out(site, prcid, post)


def carry_out(site: Site, prcid: int, post: Post) -> None:
    """Revoke what the STOPPING run has under way, and end it where nothing of it is at work."""
    post.revoke(site.ledger.run(prcid), site.ledger.outstanding_task_ids(prcid))
    finalize(site, prcid)
