"""The SQL of one chunk as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column

from mapper_tasks.mapping import Mapping
from mapper_tasks.mapping.sides import reading_both
from mapper_tasks.model.run import Window

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.slices import Slice


def chunk_sql(job: Job, source: Database, target: Database, part: Slice, window: Window) -> str:
    """The SELECT by which a chunk reads its slice, values and all. Not to be logged or sent.

    Where Python has a part in the rows, it gets them with all their columns.
    """
    with reading_both(source, target) as (reader, writer):
        mapping = Mapping.between(job, source, reader, target, writer)
        rows = mapping.source.select(*_columns(mapping))
        inside = mapping.chosen(part, window)
        if inside is not None:
            rows = rows.where(inside)
    return source.literal_sql(rows)


def _columns(mapping: Mapping) -> list[ColumnElement[Any]]:
    if mapping.job.uses_python:
        return [literal_column("src.*")]
    return [mapping.stored(name).label(name) for name in mapping.expressions]
