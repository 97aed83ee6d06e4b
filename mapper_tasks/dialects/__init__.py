"""The databases: the one thing that really varies."""

from mapper_tasks.dialects.base import Database
from mapper_tasks.dialects.opening import open_database

__all__ = ["Database", "open_database"]
