"""The roads that rows take from the source into the stage: different ways, the same stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.etl.roads.by_pipe import ByPipe
from mapper_tasks.etl.roads.by_rows import ByRows
from mapper_tasks.etl.roads.same_database import SameDatabase

if TYPE_CHECKING:
    from mapper_tasks.etl.roads.road import Road
    from mapper_tasks.etl.staging import Staging

__all__ = ["choose"]

ROADS: tuple[type[Road], ...] = (SameDatabase, ByPipe, ByRows)  # the quickest first


def choose(staging: Staging) -> Road:
    """The quickest road that this job can take between these two databases."""
    return next(road(staging) for road in ROADS if road.is_open(staging))
