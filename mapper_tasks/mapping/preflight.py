"""What is checked before anything is written: a bad job costs a clear error, not half a load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mapper_tasks.mapping.faults import raise_together
from mapper_tasks.mapping.mapping import Mapping
from mapper_tasks.mapping.sides import reading_both
from mapper_tasks.mapping.source_checks import source_faults
from mapper_tasks.mapping.source_query import SourceQuery
from mapper_tasks.mapping.target_checks import target_faults
from mapper_tasks.model.errors import ForbiddenFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job

Functions = dict[str, "Callable[[dict[str, Any]], Any]"]


def check(
    job: Job,
    source: Database,
    target: Database,
    functions: Functions | None = None,
    further: Callable[[Mapping], None] = lambda _: None,
) -> None:
    """Refuse a job whose names, types, keys or SQL do not fit its databases. Writes nothing.

    All faults of one side are told in one error. Raises JobError, UnsupportedDatabase (MAP-4003)
    where the target cannot be one, and what `further` raises of the mapping when all else is well.
    """
    raise_together(_function_faults(job, functions))
    with reading_both(source, target) as (reader, writer):
        target.check_target()
        query = SourceQuery.describe(job.source, source, reader)
        raise_together(source_faults(job, query, reader))
        mapping = Mapping.between(job, source, reader, target, writer)
        raise_together(target_faults(mapping))
        further(mapping)


def _function_faults(job: Job, functions: Functions | None) -> Iterator[ForbiddenFunction]:
    if functions is None:
        return
    named = [job.transform, *[rule.python for rule in job.target.columns.values()]]
    for path in dict.fromkeys(named):
        if path is not None and path not in functions:
            yield ForbiddenFunction(f"{path}: the function is not there")
