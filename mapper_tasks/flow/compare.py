"""The source beside the target, slice by slice: what a load should have made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.etl.compare import Comparing, compare
from mapper_tasks.flow.functions import resolve
from mapper_tasks.flow.plan import check
from mapper_tasks.model.job import Strategy
from mapper_tasks.planning import loaded_so_far, slices_to_read

if TYPE_CHECKING:
    from mapper_tasks.etl.compare import Comparison
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job


def compare_with_source(site: Site, job: Job) -> Comparison:
    """What differs between the rows that were to be loaded and what is current in the target.

    Reads only, in memory that stays flat. Raises JobError, or what staging raises.
    """
    source, target = check(site, job)
    window = loaded_so_far(job, _checkpoint(site, job))
    at = job.target.effective_at or site.now()
    functions = resolve(job, site.allowed_modules)
    work = Comparing(job, source, target, window, at, functions)
    first, *others = slices_to_read(job, source, target, window)
    seen = compare(work, first)
    for part in others:
        seen += compare(work, part)
    return seen


def _checkpoint(site: Site, job: Job) -> str | None:
    if job.checkpoint_config.effective is Strategy.NONE:
        return None
    site.ledger.check()
    return site.ledger.checkpoint(job.mapref)
