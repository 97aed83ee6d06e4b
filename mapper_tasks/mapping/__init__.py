"""The job as SQL: its source query, its mapped columns, its slices and windows as predicates."""

from mapper_tasks.mapping.mapping import Mapping
from mapper_tasks.mapping.source_query import SourceQuery

__all__ = ["Mapping", "SourceQuery"]
