"""One chunk: its slice extracted, transformed, staged and applied in one target transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl import marker, spool, stage
from mapper_tasks.etl.apply import apply_around
from mapper_tasks.etl.apply.ground import Ground
from mapper_tasks.mapping import Mapping
from mapper_tasks.model import clock
from mapper_tasks.model.tally import Tally

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database
    from mapper_tasks.etl.apply import Applied
    from mapper_tasks.etl.stage import Staged
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import RowError, Window
    from mapper_tasks.model.slices import Slice


def _unseen(_database: Database, _connection: Connection) -> AbstractContextManager[None]:
    """Nobody cancels anything."""
    return nullcontext()


@dataclass(frozen=True)
class ChunkWork:
    """Everything a chunk needs to be loaded.

    `moment` is that of the source which all chunks of the run read; None: each its own.
    `on_row_errors` is given the rejected rows before the commit, and may refuse by raising.
    `check` is called between the phases and may raise to give the work up; `ask` does so by what is
    true at this moment, not a little before. `at_work` is entered with every connection while its
    statements may be cancelled, which the commit may not.
    `spool` names the spool of the run, where it has one: its rows are read from there.
    """

    job: Job
    prcid: int
    run_key: str
    chunk_no: int
    slice: Slice
    effective_at: datetime
    window: Window
    source: Database
    target: Database
    moment: str | None = None
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    on_row_errors: Callable[[Sequence[RowError]], None] = lambda _errors: None
    check: Callable[[], None] = lambda: None
    ask: Callable[[], None] = lambda: None
    at_work: Callable[[Database, Connection], AbstractContextManager[None]] = _unseen
    spool: str | None = None

    def tag(self, database: Database, connection: Connection) -> None:
        """Show in the database what the connection works for."""
        database.tag(connection, f"mapper run {self.prcid}", f"chunk {self.chunk_no}")


@dataclass(frozen=True)
class Loaded:
    """The chunk's tally and the seconds of each phase; `again`: it had been applied before."""

    tally: Tally
    seconds: dict[str, float]
    again: bool = False


class Stopwatch:
    """Seconds by phase; each lap ends the one before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = clock.monotonic()

    def lap(self, phase: str) -> None:
        now = clock.monotonic()
        self.seconds[phase] = round(self.seconds.get(phase, 0.0) + now - self._since, 6)
        self._since = now


def load_chunk(work: ChunkWork) -> Loaded:
    """Apply the chunk, or find that it is applied. Its data and its marker commit together.

    Whatever is raised leaves the target as it was. Of a fault of the commit itself, which may come
    after the fact, the marker tells; where it cannot be read, the next attempt finds it.
    """
    before = _applied(work)
    if before is not None:
        return Loaded(before, {}, again=True)
    try:
        return _load(work)
    except DBAPIError:
        with suppress(DBAPIError):
            meanwhile = _applied(work)
            if meanwhile is not None:
                return Loaded(meanwhile, {}, again=True)
        raise


def _applied(work: ChunkWork) -> Tally | None:
    with work.target.reading() as reader:
        return marker.read(reader, work.prcid, work.chunk_no, work.run_key)


def _load(work: ChunkWork) -> Loaded:
    watch, now = Stopwatch(), clock.utcnow()
    if work.spool is not None:
        spool.ensure(work)
        work = spool.reading(work)
        watch.lap("spool")
    with work.target.writing() as writer, work.at_work(work.target, writer):
        work.tag(work.target, writer)
        work.target.take_over(writer, f"mapper {work.run_key} {work.chunk_no}", work.ask)
        marker.claim(writer, work.prcid, work.chunk_no, work.run_key, now)
        mapping, staged = _stage(work, writer)
        watch.lap("stage")
        work.check()
        ground = Ground(mapping, work.slice, work.effective_at, now, writer)
        applied = apply_around(ground, work.job.max_error_rows)
        watch.lap("apply")
        tally = _tally(staged, applied)
        work.on_row_errors([*staged.rejected, *applied.rejected])
        marker.complete(writer, work.prcid, work.chunk_no, tally)
        work.check()
        watch.lap("record")
    watch.lap("commit")
    return Loaded(tally, watch.seconds)


def _stage(work: ChunkWork, writer: Connection) -> tuple[Mapping, Staged]:
    with work.source.reading_as_of(work.moment) as reader, work.at_work(work.source, reader):
        work.tag(work.source, reader)
        mapping = Mapping.between(work.job, work.source, reader, work.target, writer)
        staged = stage.fill(
            work.job,
            mapping,
            work.slice,
            work.window,
            work.effective_at,
            reader,
            writer,
            work.functions,
            work.check,
            work.moment,
        )
    if work.spool is not None:
        staged = spool.with_rejected(work, mapping, writer, staged)
    return mapping, staged


def _tally(staged: Staged, applied: Applied) -> Tally:
    rejected = len(staged.rejected) + len(applied.rejected)
    touched = applied.inserted + applied.updated + applied.ended
    return Tally(
        source=staged.source_rows,
        inserted=applied.inserted,
        updated=applied.updated,
        expired=applied.expired,
        unchanged=staged.source_rows - rejected - touched,
        rejected=rejected,
    )
