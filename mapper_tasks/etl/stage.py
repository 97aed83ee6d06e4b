"""The stage: the rows of one slice as the target would store them, and the errors of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl import roads
from mapper_tasks.etl.checks import check_stage
from mapper_tasks.etl.halving import attempt, is_row_fault
from mapper_tasks.etl.isolate import fill_precisely
from mapper_tasks.etl.staging import REJECTED_KEYS, STAGE, Filled, Landing, Rejected, Staging
from mapper_tasks.model.errors import SourceRefused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.etl.roads.road import Road
    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import RowError, Window
    from mapper_tasks.model.slices import Slice

__all__ = ["REJECTED_KEYS", "STAGE", "Staged", "fill"]


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging a slice came to.

    `source_rows` were read; of these `rejected` are row errors, `skipped` were left out by
    `transform`, and `unchanged` were seen to be so and not staged.
    """

    source_rows: int
    rejected: list[RowError]
    skipped: int = 0
    unchanged: int = 0


def fill(  # noqa: PLR0913, PLR0917 - everything a slice on its way has to do with
    job: Job,  # noqa: ARG001 - the mapping carries it
    mapping: Mapping,
    part: Slice,
    window: Window,
    effective_at: datetime,
    reader: Connection,
    writer: Connection,
    functions: dict[str, Callable[..., Any]],
    check: Callable[[], None],
    moment: str | None = None,
) -> Staged:
    """Make and fill the stage in the writer's transaction; bad rows are left out and named.

    `reader` is the source's open transaction, at `moment` if there is one. Raises SourceRefused
    (MAP-1007) when the source refuses the query itself, and what the databases raise when no row
    is to blame.
    """
    staging = Staging(
        mapping, part, window, effective_at, reader, writer, functions, check, moment=moment
    )
    staging.create_tables()
    if window.empty:
        return Staged(0, [])
    filled = _filled(staging, roads.choose(staging))
    _keep_keys(staging, filled.rejected)
    errors = [one.error for one in filled.rejected] + check_stage(staging)
    return Staged(filled.rows, errors, filled.skipped, filled.unchanged)


def _filled(staging: Staging, road: Road) -> Filled:
    """The quick way; the precise one only after a database has refused a row."""
    try:
        try:
            return attempt(staging, road, Landing(STAGE))
        except DBAPIError as fault:
            if not is_row_fault(staging, fault):
                raise
        return fill_precisely(staging, road)
    except DBAPIError as fault:
        if staging.source.is_wrong_statement(fault):
            raise SourceRefused(
                f"source: {staging.source.kind} says: {staging.source.message(fault)}"
            ) from fault
        raise


def _keep_keys(staging: Staging, rejected: tuple[Rejected, ...]) -> None:
    """Keys that only Python knows, so that they do not count as missing from the source."""
    keys = [one.key for one in rejected if one.key is not None]
    if keys:
        staging.target.fill(staging.writer, REJECTED_KEYS, staging.keys, keys)
