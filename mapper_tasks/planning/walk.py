"""Slices to read a whole source by, piece after piece, without a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mapper_tasks.mapping import Mapping
from mapper_tasks.mapping.sides import reading_both
from mapper_tasks.model.job import Strategy
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import Slice
from mapper_tasks.planning.checkpoint import Checkpoint
from mapper_tasks.planning.cut import cut, reason_uncuttable
from mapper_tasks.planning.estimate import estimate_rows
from mapper_tasks.planning.keys import SortedKeys

if TYPE_CHECKING:
    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job

ROWS = 50_000


def loaded_so_far(job: Job, checkpoint: str | None) -> Window:
    """The rows that runs of the job have read: all of them, or those up to its checkpoint."""
    strategy = job.checkpoint_config.effective
    stored = None if checkpoint is None else Checkpoint.of_text(checkpoint)
    if stored is None or stored.strategy is not strategy:
        return Window()
    if strategy is Strategy.KEY:
        return Window(stored.columns, upto=stored.values)
    return Window(stored.columns, skip=0, take=stored.position)


def slices_to_read(
    job: Job, source: Database, target: Database, window: Window, rows: int = ROWS
) -> tuple[Slice, ...]:
    """Slices of about so many rows each; one where the key cannot be cut. The first has NULLs."""
    with reading_both(source, target) as (reader, writer):
        mapping = Mapping.between(job, source, reader, target, writer)
        if window.take is not None or reason_uncuttable(mapping) is not None:
            return (Slice(with_nulls=True),)
        counted = estimate_rows(mapping.source, reader, replace(window, take=None)).rows
        if counted <= rows:
            return (Slice(with_nulls=True),)
        made = cut(SortedKeys(mapping, reader, window), rows, counted)
    return tuple(chunk.slice for chunk in made.chunks)
