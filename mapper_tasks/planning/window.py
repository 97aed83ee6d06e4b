"""Which source rows a run reads: those after the checkpoint, up to where the source is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func

from mapper_tasks.model.job import Strategy
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import encode_key
from mapper_tasks.planning.checkpoint import Checkpoint
from mapper_tasks.planning.ordered import Ordered

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mapper_tasks.mapping import SourceQuery
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.slices import Key

_ONE_FAMILY = {"int": "number", "decimal": "number", "float": "number"}


@dataclass(frozen=True, slots=True)
class Reach:
    """A window, and what a person should know about it."""

    window: Window
    note: str | None = None


def reach_of(job: Job, query: SourceQuery, reader: Connection, checkpoint: str | None) -> Reach:
    """The window of a run whose job last reached `checkpoint` (param1 of its last success).

    A checkpoint of another strategy, or of other columns or types, cannot be compared: everything
    is read, and the note says so.
    """
    config = job.checkpoint_config
    strategy = config.effective
    if strategy is Strategy.NONE:
        return Reach(Window(reached=checkpoint))
    ordered = Ordered.by(query, reader, config.columns)
    stored = None if checkpoint is None else Checkpoint.of_text(checkpoint)
    note = None
    if checkpoint is not None and (
        stored is None or (stored.strategy, stored.columns) != (strategy, ordered.columns)
    ):
        stored, note = None, "the stored checkpoint is of another strategy or of other columns"
    if strategy is Strategy.KEY:
        return _by_key(ordered, stored, note)
    return _by_position(ordered, stored, note)


def _by_key(ordered: Ordered, stored: Checkpoint | None, note: str | None) -> Reach:
    """After the stored values, up to the highest there are now."""
    upto = ordered.highest()
    after = stored.values if stored is not None else None
    if after is not None and upto is not None and not _alike(after, upto):
        after, note = None, "the stored checkpoint is of other types"
    if upto is None or after == upto or (after is not None and not ordered.is_beyond(after)):
        reached = stored.as_text() if stored is not None else None
        window = Window(ordered.columns, after, after, reached=reached)
        return Reach(_emptied(window, ordered), note)
    reached = Checkpoint(Strategy.KEY, ordered.columns, values=upto).as_text()
    return Reach(Window(ordered.columns, after, upto, reached=reached), _read_all(note))


def _by_position(ordered: Ordered, stored: Checkpoint | None, note: str | None) -> Reach:
    """After the first N rows; by values where the columns give every row a place of its own."""
    skip = stored.position or 0 if stored is not None else 0
    total = int(ordered.reader.execute(ordered.query.select(func.count())).scalar_one())
    take = max(total - skip, 0)
    reached = Checkpoint(Strategy.PYTHON, ordered.columns, position=skip + take).as_text()
    if take == 0:
        window = Window(ordered.columns, skip=skip, take=0, empty=True, reached=reached)
        return Reach(window, note)
    if not ordered.columns or ordered.has_nulls() or ordered.has_ties():
        window = Window(ordered.columns, skip=skip, take=take, reached=reached)
        return Reach(window, _read_all(note))
    after = ordered.at(skip) if skip else None
    window = Window(ordered.columns, after, ordered.highest(), reached=reached)
    return Reach(window, _read_all(note))


def _emptied(window: Window, ordered: Ordered) -> Window:
    """Nothing is left but rows with a NULL in the columns, if there are any."""
    return window if ordered.has_nulls() else replace(window, empty=True)


def _read_all(note: str | None) -> str | None:
    return None if note is None else f"{note}, so everything is read"


def _alike(stored: Key, now: Key) -> bool:
    return _families(stored) == _families(now)


def _families(key: Key) -> list[str]:
    words = [word for word, _ in encode_key(key) or ()]
    return [_ONE_FAMILY.get(word, word) for word in words]
