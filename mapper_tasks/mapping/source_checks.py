"""Whether the source gives what the job names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, literal_column
from sqlalchemy.exc import DBAPIError

from mapper_tasks.model.errors import MissingColumn, SourceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

    from mapper_tasks.mapping.source_query import SourceQuery
    from mapper_tasks.model.errors import JobError
    from mapper_tasks.model.job import Job


def source_faults(job: Job, query: SourceQuery, reader: Connection) -> Iterator[JobError]:
    """Names that the source query does not give, and expressions that its database refuses."""
    yield from _unknown_columns(job, query)
    for field, expression in _expressions(job, query):
        refused = _refused(query, reader, expression)
        if refused is not None:
            yield SourceRefused(f"{field}: {query.database.kind} says: {refused}")


def _unknown_columns(job: Job, query: SourceQuery) -> Iterator[MissingColumn]:
    known = {name.lower() for name in query.columns}
    for field, name in _named_columns(job):
        if name.lower() not in known:
            yield MissingColumn(
                f"{field}: the source query has no column {name!r}; "
                f"it has {', '.join(query.columns)}"
            )


def _named_columns(job: Job) -> Iterator[tuple[str, str]]:
    """The source columns that the job names. A `transform` may add columns for the target's."""
    if job.transform is None:
        for name, rule in job.target.columns.items():
            if rule.source is not None:
                yield f"target.columns.{name}", rule.source
        if job.target.effective_from is not None:
            yield "target.effective_from", job.target.effective_from
    if job.checkpoint_config.enabled:
        for name in job.checkpoint_config.columns:
            yield "checkpoint_config.columns", name


def _expressions(job: Job, query: SourceQuery) -> Iterator[tuple[str, ColumnElement[Any]]]:
    for name, rule in job.target.columns.items():
        if rule.sql is not None:
            yield f"target.columns.{name}.sql", query.fragment(rule.sql)
    if job.target.delete_when is not None:
        condition = query.fragment(job.target.delete_when)
        yield "target.delete_when", case((condition, literal_column("1")))


def _refused(query: SourceQuery, reader: Connection, expression: ColumnElement[Any]) -> str | None:
    """What the database says against the expression. A fault that passes is raised as it is."""
    probe = query.select(expression.label("probe"))
    try:
        with reader.begin_nested():
            query.database.columns_of(reader, probe)
    except DBAPIError as fault:
        if query.database.is_passing(fault):
            raise
        return query.database.message(fault)
    return None
