"""The databases: the one thing that really varies."""

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.faults import Passing
from mapper_tasks.dialects.opening import open_database, passing

__all__ = ["Database", "Passing", "open_database", "passing"]
