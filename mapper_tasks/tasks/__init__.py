"""The Celery tasks: decode, call one flow function, return a small result. No logic."""

from mapper_tasks.tasks.tasks import register

__all__ = ["register"]
