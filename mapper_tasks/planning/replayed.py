"""A replay's plan: slices that are just the keys of row errors, read again whatever was read."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from mapper_tasks.mapping import Mapping
from mapper_tasks.mapping.sides import reading_both
from mapper_tasks.model.errors import UncuttableKey
from mapper_tasks.model.run import Estimate, Plan, PlannedChunk, Window
from mapper_tasks.model.shape import Kind
from mapper_tasks.model.slices import Slice
from mapper_tasks.planning.decide import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mapper_tasks.dialects import Database
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.slices import Key, KeyValue
    from mapper_tasks.planning.decide import ParallelDefaults

KEYS_AT_ONCE = 500  # in one slice: each is a value of the statements that read it


def make_plan_of_keys(
    job: Job,
    source: Database,
    target: Database,
    defaults: ParallelDefaults,
    checkpoint: str | None,
    now: datetime,
    texts: Sequence[str],
) -> Plan:
    """Plan a run over the keys that DMS_JOBERR holds as `texts`. The checkpoint stays.

    Raises JobError, or UncuttableKey where the source does not know the key.
    """
    refuse_keys_of_python(job)
    with reading_both(source, target) as (reader, writer):
        kinds = Mapping.between(job, source, reader, target, writer).key_kinds
    read = [read_key(text, job.target.business_key, kinds) for text in texts]
    keys = sorted({key for key in read if key is not None}, key=str)
    chunks = tuple(_chunks(keys))
    parallel = settle(job.parallel_config, defaults)
    without = len(read) - len(keys)
    note = f"; {without} more have no key that could be read" if without else ""
    return Plan(
        estimate=Estimate(len(keys), "keys"),
        parallel=parallel.enabled and len(chunks) > 1,
        reason=f"{len(keys)} keys of row errors{note}",
        chunks=chunks,
        effective_at=job.target.effective_at or now,
        window=Window(reached=checkpoint),
        max_workers=parallel.max_workers,
    )


def refuse_keys_of_python(job: Job) -> None:
    """Raises UncuttableKey: such a key says nothing about where its row is."""
    for name in job.target.business_key:
        if job.target.columns[name].python is not None:
            raise UncuttableKey(
                f"business key {name!r} is filled by Python, so the source cannot be asked for it",
                mend="mend the rows and run the job again",
            )


def _chunks(keys: list[Key]) -> list[PlannedChunk]:
    starts = range(0, len(keys), KEYS_AT_ONCE)
    parts = [tuple(keys[start : start + KEYS_AT_ONCE]) for start in starts]
    return [PlannedChunk(n, Slice(keys=part), len(part)) for n, part in enumerate(parts, start=1)]


def read_key(text: str, names: Sequence[str], kinds: Sequence[Kind]) -> Key | None:
    """A key of DMS_JOBERR as a slice compares it; None: a part is NULL, or not of its kind.

    >>> read_key('{"id": "7", "at": "2024-05-06"}', ["id", "at"], [Kind.INTEGER, Kind.DATE])
    (7, datetime.date(2024, 5, 6))
    """
    with suppress(ValueError, ArithmeticError, KeyError, TypeError):
        given = json.loads(text)
        parts = [_READ[kind](given[name]) for name, kind in zip(names, kinds, strict=True)]
        return tuple(parts)
    return None


def _boolean(text: str) -> KeyValue:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _text(text: str) -> KeyValue:
    if text is None:
        raise ValueError("NULL")
    return text


_READ: dict[Kind, Callable[[str], KeyValue]] = {
    Kind.INTEGER: int,
    Kind.NUMERIC: Decimal,
    Kind.FLOAT: float,
    Kind.TEXT: _text,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: date.fromisoformat,
    Kind.TIME: time.fromisoformat,
    Kind.TIMESTAMP: datetime.fromisoformat,
    Kind.TIMESTAMPTZ: datetime.fromisoformat,
    Kind.UUID: UUID,
    Kind.BYTES: bytes.fromhex,
}
