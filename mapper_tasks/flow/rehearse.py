"""A job looked at before any run of it is written: whether it can be run, and what it would do."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mapper_tasks.flow.functions import resolve
from mapper_tasks.mapping import preflight
from mapper_tasks.model.errors import UnknownConnection

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job


def check(site: Site, job: Job) -> None:
    """Raise the JobError that a run of the job would meet, if any."""
    source, target = site.databases(job.source.connection), site.databases(job.target.connection)
    preflight.check(job, source, target, resolve(job, site.allowed_modules))
