"""Load warehouse tables as SCD type 1 or 2, in parallel chunks: `MapperClient` and `Job`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapper_tasks.client import MapperClient
    from mapper_tasks.model.job import Job

__all__ = ["Job", "MapperClient"]


def __getattr__(name: str) -> Any:
    """Both are loaded when first asked for: whoever needs one word does not load Celery."""
    if name == "Job":
        from mapper_tasks.model.job import Job

        return Job
    if name == "MapperClient":
        from mapper_tasks.client import MapperClient

        return MapperClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
