"""Runs and chunks as the ledger gives them, and the plan that connects the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mapper_tasks.model.job import Job
from mapper_tasks.model.slices import Slice
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many source rows are expected, and how that is known: exact, statistics or planner."""

    rows: int
    how: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which source rows a run reads, by its checkpoint: those after `after`, up to `upto`.

    KEY: both are values of `columns` as tuples, `after` exclusive, `upto` inclusive; None is
    unbounded. PYTHON: `skip` rows in the order of `columns` are left out and `take` are read, in
    one chunk, unless the order is total: then they have become `after` and `upto`.
    `reached` is what the checkpoint becomes (param1, JSON text) when the whole run is applied.
    """

    columns: tuple[str, ...] = ()
    after: tuple[Any, ...] | None = None
    upto: tuple[Any, ...] | None = None
    skip: int | None = None
    take: int | None = None
    empty: bool = False
    reached: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk as the plan has it, before it has a status."""

    chunk_no: int
    slice: Slice
    rows: int | None = None  # estimated source rows


@dataclass(frozen=True, slots=True)
class Plan:
    """The chunks of a run, the row estimate with how it was made, and why it was cut so."""

    estimate: Estimate
    parallel: bool
    reason: str
    chunks: tuple[PlannedChunk, ...]
    effective_at: datetime
    window: Window = field(default_factory=Window)
    max_workers: int | None = None
    spool: str | None = None  # the table in the target that the chunks read


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job: a row of DMS_PRCLOG."""

    prcid: int
    job: Job
    status: RunStatus
    plan: Plan | None = None  # without its chunks: those are rows of their own
    sessionid: str | None = None
    strtdt: datetime | None = None
    enddt: datetime | None = None
    checkpoint: str | None = None  # param1
    tally: Tally = field(default_factory=Tally)
    message: str = ""
    chunks: int = 0
    run_key: str = ""  # a uuid, so that two ledgers never take each other's markers for their own
    waits_for_target: bool = False  # while another run loads it, instead of failing
    here: bool = False  # the process that submitted it does it all
    replays: int | None = None  # the run whose row errors this one goes over
    moment: str | None = None  # of the source, that all chunks read, while somebody keeps it

    @property
    def seconds(self) -> float | None:
        if self.strtdt is None or self.enddt is None:
            return None
        return (self.enddt - self.strtdt).total_seconds()


@dataclass(frozen=True, slots=True)
class Chunk:
    """One slice of one run: a row of DMS_PRCCHUNK."""

    prcid: int
    chunk_no: int
    slice: Slice
    status: ChunkStatus
    task_id: str | None = None
    attempt: int = 0
    worker: str | None = None
    heartbeat: datetime | None = None
    tally: Tally = field(default_factory=Tally)
    seconds: dict[str, float] = field(default_factory=dict)  # phase -> seconds
    rows: int | None = None
    error: str | None = None
    strtdt: datetime | None = None  # of its last attempt
    enddt: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a chunk, for as long as its token is the ledger's."""

    prcid: int
    chunk_no: int
    token: str
    attempt: int
    slice: Slice


@dataclass(frozen=True, slots=True)
class RowError:
    """A source row that could not be loaded: error class, key, the database's own message."""

    errtyp: str  # the code of a RowFault, e.g. MAP-3004
    errmsg: str
    keyvalue: str  # JSON object: business key column -> text or null
    dberrmsg: str | None = None
