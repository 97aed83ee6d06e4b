"""A chunk's task: claim it, load it, and see what the run needs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.flow.attempt import Outcome, attempt
from mapper_tasks.flow.events import Event
from mapper_tasks.model.run import Chunk, Claim

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Post, Site


def process_chunk(site: Site, prcid: int, chunk_no: int, post: Post | None = None) -> Outcome:
    """Apply the chunk, unless it is applied, claimed, or its run goes no further."""
    found = site.ledger.claim_chunk(prcid, chunk_no, site.worker, site.times.claim)
    if found is None:
        site.tell(Event.CHUNK_SKIPPED, prcid=prcid, chunk_no=chunk_no)
        return Outcome(prcid, chunk_no)
    if isinstance(found, Claim):
        outcome = attempt(site, site.ledger.run(prcid), found)
    else:
        outcome = _as_stored(found)
    if post is not None:
        follow_up(site, outcome, post)
    return outcome


def _as_stored(chunk: Chunk) -> Outcome:
    return Outcome(chunk.prcid, chunk.chunk_no, chunk.status, chunk.tally)


def follow_up(site: Site, outcome: Outcome, post: Post) -> None:
    """Send what may be sent now that this chunk has left its place; after the last, finalize."""
    run = site.ledger.run(outcome.prcid)
    held_back = run.plan.max_workers if run.plan is not None else None
    if held_back and (wave := site.ledger.dispatch(run.prcid, held_back)):
        post.chunks(run, wave)
    if site.ledger.may_end(run.prcid):
        post.finalize(run)
