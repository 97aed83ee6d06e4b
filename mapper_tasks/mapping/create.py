"""`target.create: true`: the target table is made before the first load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.mapping.design import Designer
from mapper_tasks.mapping.mapping import Mapping
from mapper_tasks.mapping.sides import reading_both

if TYPE_CHECKING:
    from mapper_tasks.dialects import Database
    from mapper_tasks.dialects.tables import TableDesign
    from mapper_tasks.model.job import Job


def create_target(job: Job, source: Database, target: Database) -> bool:
    """Make the target table if the job asks for it and it is not there; whether it was made.

    A table that is there is left as it is. Two coordinators may do this at once.
    """
    if not job.target.create:
        return False
    with reading_both(source, target) as (reader, writer):
        if target.table(writer, job.target.table) is not None:
            return False
        mapping = Mapping.between(job, source, reader, target, writer)
        design = Designer(job, mapping.given, source, reader, target, writer).design()
    _make(target, design)
    return True


def _make(target: Database, design: TableDesign) -> None:
    with target.writing() as writer:
        target.create_table(writer, design)
