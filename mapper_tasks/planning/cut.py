"""Cutting the business-key space into slices of about equal numbers of source rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper_tasks.model.run import PlannedChunk
from mapper_tasks.model.slices import Slice, slices_between
from mapper_tasks.planning.fit import fit_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.mapping import Mapping
    from mapper_tasks.model.shape import Kind
    from mapper_tasks.model.slices import Key
    from mapper_tasks.planning.keys import SortedKeys

PASS_ADVANTAGE = 2.0  # a walk costs at most this many times what one pass would: it needs no sort


@dataclass(frozen=True, slots=True)
class Place:
    """The first key of a slice, and how many rows the slice before it has."""

    key: Key
    rows_before: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Slices with their rows, and the words that say how they were found."""

    chunks: tuple[PlannedChunk, ...]
    cut_by: str


def whole(rows: int) -> tuple[PlannedChunk, ...]:
    """The one chunk that takes every key and every NULL."""
    return (PlannedChunk(1, Slice(with_nulls=True), rows),)


def reason_uncuttable(mapping: Mapping) -> str | None:
    """Why the business key cannot be cut; None: it can."""
    here, there = mapping.source.database.sliceable, mapping.target.sliceable
    for name, kind in zip(mapping.job.target.business_key, mapping.key_kinds, strict=True):
        if name not in mapping.given:
            return f"one chunk: business key {name!r} is filled by Python, so it cannot be cut"
        if kind not in here or kind not in there:
            return f"one chunk: business key {name!r} has a type that cannot be cut ({kind})"
    return None


def cut(keys: SortedKeys, size: int, rows: int) -> Cut:
    """Slices of about `size` of the `rows` source rows; a key is never split.

    Walks the index where the source has one in the order of the key: the cost grows with the
    slices, and each bound is one small statement. Otherwise one sorting pass finds all bounds.
    """
    first = keys.first()
    if first is None:
        return Cut(whole(rows), "all of them without a key")
    if _walks(keys, first, size, rows):
        places, cut_by = list(walk(keys, first, size)), "cut by walking the index of the key"
        last = keys.rows_between(places[-1].key if places else None, None)
    else:
        places, cut_by = list(single_pass(keys, size)), "cut by one pass over the keys"
        last = max(rows - sum(place.rows_before for place in places), 0)
    return Cut(_chunks(places, last, keys.mapping.key_kinds), cut_by)


def walk(keys: SortedKeys, low: Key, size: int) -> Iterator[Place]:
    """Places found one after another, each `size` rows after the last, by an ordered index."""
    while row := keys.reader.execute(keys.step(low, size)).one_or_none():
        found: Key | None = tuple(row[:-1])
        rows = size
        if not row.beyond:  # this one key has more rows than a slice should
            found = keys.after(low)
            rows = keys.rows_between(low, found)
        if found is None:
            return
        yield Place(found, rows)
        low = found


def single_pass(keys: SortedKeys, size: int) -> Iterator[Place]:
    """Places found by sorting all keys once."""
    start, rank = 0, 1
    for row in keys.reader.execute(keys.every(size)):
        if row.rank != rank:  # else a key with more rows than a slice should have
            yield Place(tuple(row[:-2]), row.place - start)
            start, rank = row.place, row.rank


def _walks(keys: SortedKeys, first: Key, size: int, rows: int) -> bool:
    """Whether an index gives the keys in order, for less than a sort of them all."""
    database = keys.mapping.source.database
    step = database.explain(keys.reader, keys.step(first, size))
    if step.sorts:
        return False
    one_pass = database.explain(keys.reader, keys.every(size))
    if step.cost is None or one_pass.cost is None:
        return True
    return step.cost * max(rows / size, 1) <= PASS_ADVANTAGE * one_pass.cost


def _chunks(places: list[Place], last: int, kinds: list[Kind]) -> tuple[PlannedChunk, ...]:
    """The slices between the places whose keys can bound one; the rows of the others add up."""
    bounds: list[Key] = []
    counts = [0]
    for place in places:
        counts[-1] += place.rows_before
        key = fit_key(place.key, kinds)
        if key is not None:
            bounds.append(key)
            counts.append(0)
    counts[-1] += last
    parts = zip(slices_between(bounds), counts, strict=True)
    return tuple(PlannedChunk(number, *part) for number, part in enumerate(parts, start=1))
