"""A run's plan: its window, its estimate, its chunks, and why they are as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mapper_tasks.mapping import Mapping, SourceQuery
from mapper_tasks.mapping.sides import reading_both
from mapper_tasks.mapping.spooled import spooled_job
from mapper_tasks.model.errors import NoSharedMoment, UncuttableKey
from mapper_tasks.model.job import Partition
from mapper_tasks.model.run import Plan, Window
from mapper_tasks.planning import cut as cutting
from mapper_tasks.planning.decide import (
    automatic_size,
    reason_for_chunks,
    reason_for_one_chunk,
    settle,
)
from mapper_tasks.planning.estimate import estimate_rows, row_bytes
from mapper_tasks.planning.hashed import cut_by_hash, refuse_unhashable
from mapper_tasks.planning.keys import SortedKeys
from mapper_tasks.planning.missing import refuse_many_missing
from mapper_tasks.planning.window import reach_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Estimate, PlannedChunk
    from mapper_tasks.planning.decide import Parallel, ParallelDefaults
    from mapper_tasks.planning.window import Reach

BY_A_SPOOL = "a run reads the source once, into a spool in the target, and cuts that"
FROM_A_SPOOL = "the source was read once, into a spool in the target"
NO_BLOCKS = (
    "parallel_config.partition: blocks: rows of one key, and rows that move while they are read, "
    "can lie in several blocks, so that no chunk owns its keys"
)


def make_plan(  # noqa: PLR0913, PLR0917 - everything that decides about a plan
    job: Job,
    source: Database,
    target: Database,
    defaults: ParallelDefaults,
    checkpoint: str | None,
    now: datetime,
    workers: int | None,
    moment: str | None = None,
) -> Plan:
    """Plan a run of the job. Reads both sides, each at one moment; writes nothing that stays.

    `checkpoint` is what the job's last success reached, `workers` how many there are, if known,
    `moment` that of the source which all chunks are to read.
    A window that has nothing in it gives a plan without chunks: its run is a SUCCESS with zero
    counts. Raises JobError or PlanError.
    """
    parallel = settle(job.parallel_config, defaults)
    with reading_both(source, target, moment) as (reader, writer):
        mapping = Mapping.between(job, source, reader, target, writer)
        refuse_partition(mapping)
        reach = reach_of(job, mapping.source, reader, checkpoint)
        estimate = estimate_rows(mapping.source, reader, reach.window)
        refuse_many_missing(mapping, reader, writer, estimate)
        chunks, reason = _chunks(mapping, reader, reach.window, estimate, parallel, workers)
    if to_be_spooled(job, defaults):
        reason = f"{reason}; {BY_A_SPOOL}"
    elif len(chunks) > 1:
        _refuse_many_moments(job, source)
    return _plan(job, reach, estimate, chunks, reason, now, parallel)


def to_be_spooled(job: Job, defaults: ParallelDefaults) -> bool:
    """Whether a run of the job reads its source once, and cuts the spool of it."""
    asked = job.parallel_config.partition is Partition.SPOOL
    return asked and settle(job.parallel_config, defaults).enabled


def reach_now(job: Job, source: Database, checkpoint: str | None) -> Reach:
    """What a run of the job would read if it were planned now."""
    with source.reading() as reader:
        query = SourceQuery.describe(job.source, source, reader)
        return reach_of(job, query, reader, checkpoint)


def make_plan_of_spool(
    job: Job,
    name: str,
    target: Database,
    defaults: ParallelDefaults,
    reach: Reach,
    now: datetime,
    workers: int | None,
) -> Plan:
    """Plan a run of the job whose source stands in the spool of this name. Writes nothing."""
    parallel, window = settle(job.parallel_config, defaults), Window()
    spooled, all_keys = spooled_job(job, name), spooled_job(job, name, with_rejected=True)
    with target.reading() as reader:
        mapping = Mapping.between(spooled, target, reader, target, reader)
        estimate = estimate_rows(mapping.source, reader, window)
        known = Mapping.between(all_keys, target, reader, target, reader)
        refuse_many_missing(known, reader, reader, estimate)
        chunks, reason = _chunks(mapping, reader, window, estimate, parallel, workers)
    plan = _plan(job, reach, estimate, chunks, f"{reason}; {FROM_A_SPOOL}", now, parallel)
    return replace(plan, spool=name)


def _plan(
    job: Job,
    reach: Reach,
    estimate: Estimate,
    chunks: tuple[PlannedChunk, ...],
    reason: str,
    now: datetime,
    parallel: Parallel,
) -> Plan:
    return Plan(
        estimate=estimate,
        parallel=len(chunks) > 1,
        reason=reason if reach.note is None else f"{reason}; {reach.note}",
        chunks=chunks,
        effective_at=job.target.effective_at or now,
        window=reach.window,
        max_workers=parallel.max_workers,
    )


def refuse_partition(mapping: Mapping) -> None:
    """Raises UncuttableKey (MAP-2003) when the source cannot be cut in the way that was asked."""
    asked = mapping.job.parallel_config.partition
    if asked is Partition.BLOCKS:
        raise UncuttableKey(NO_BLOCKS)
    if asked is Partition.SPOOL and not mapping.target.makes_tables_in_transactions:
        raise UncuttableKey(
            f"parallel_config.partition: spool: {mapping.target.kind}, the target's database, "
            "commits whenever a table is made, so that half a spool could be taken for a whole one",
            mend="set parallel_config.partition: auto or hash",
        )
    if asked is Partition.HASH:
        refuse_unhashable(mapping)


def _chunks(
    mapping: Mapping,
    reader: Connection,
    window: Window,
    estimate: Estimate,
    parallel: Parallel,
    workers: int | None,
) -> tuple[tuple[PlannedChunk, ...], str]:
    if window.empty:
        return (), "no chunk: the source has nothing after the checkpoint"
    by_hash = mapping.job.parallel_config.partition is Partition.HASH
    reason = (
        reason_for_one_chunk(parallel, estimate)
        or _reason_of_position(window)
        or (None if by_hash else cutting.reason_uncuttable(mapping))
    )
    if reason is not None:
        return cutting.whole(estimate.rows), reason
    size = _size(mapping, reader, window, estimate, parallel, workers)
    if by_hash:
        made = cut_by_hash(size, estimate.rows)
    else:
        made = cutting.cut(SortedKeys(mapping, reader, window), size, estimate.rows)
    return made.chunks, reason_for_chunks(estimate, len(made.chunks), size, made.cut_by)


def _refuse_many_moments(job: Job, source: Database) -> None:
    """Raises NoSharedMoment where chunks would read a moment each, and the job wants one."""
    if job.source.consistency == "run" and not source.shares_moments:
        raise NoSharedMoment(
            f"source.consistency: {source.kind} gives each chunk a moment of its own"
        )


def _reason_of_position(window: Window) -> str | None:
    if window.take is None:
        return None
    return (
        "one chunk: a row position cuts only where checkpoint_config.columns give every row "
        "a place of its own"
    )


def _size(
    mapping: Mapping,
    reader: Connection,
    window: Window,
    estimate: Estimate,
    parallel: Parallel,
    workers: int | None,
) -> int:
    """Rows a chunk."""
    if parallel.chunk_size != "auto":
        return parallel.chunk_size
    at_once = min(workers, parallel.max_workers or workers) if workers else parallel.max_workers
    return automatic_size(row_bytes(mapping, reader, window), estimate.rows, at_once)
