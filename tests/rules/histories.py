"""Random histories: few keys, few values, few times, everything else that a job can ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.model import Key, Row, Rules

START = datetime(2020, 1, 1, tzinfo=UTC)
COMPARED, TYPE0, TYPE1, EXCLUDED = "v", "type0", "type1", "seen"


@dataclass(frozen=True)
class Batch:
    """One run: its rows in source order, its effective time, the keys its chunks are cut at."""

    rows: list[Row]
    at: datetime
    cuts: tuple[Key, ...] = ()


@dataclass(frozen=True)
class History:
    rules: Rules
    compound: bool
    batches: list[Batch]


def day(number: int) -> datetime:
    return START + timedelta(days=number)


TIMES = st.integers(1, 7).map(day)
RUN_TIMES = st.integers(3, 12).map(day)
VALUES = st.sampled_from(["a", "a", "b", None])
NUMBERS = st.sampled_from([0, 1, None])


def rules() -> st.SearchStrategy[Rules]:
    """Every combination that makes sense; columns of type 0 and 1 come and go."""

    def build(**chosen: Any) -> Rules:
        type1 = chosen["overwritten"] if chosen["scd_type"] == 2 else ()
        return Rules(**{**chosen, "overwritten": type1})

    return st.builds(
        build,
        scd_type=st.sampled_from([2, 2, 2, 1]),
        dated=st.sampled_from([True, True, False]),
        keep_first=st.sampled_from([(), (TYPE0,)]),
        overwritten=st.sampled_from([(), (TYPE1,)]),
        excluded=st.sampled_from([(), (EXCLUDED,)]),
        expire_missing=st.booleans(),
        last_duplicate=st.booleans(),
        current_scope=st.booleans(),
    )


def keys(*, compound: bool, nulls: bool) -> st.SearchStrategy[tuple[Any, ...]]:
    """Few keys, so that rows meet; text parts that could be confused."""
    number = st.sampled_from([1, 1, 1, 2, 3, None] if nulls else [1, 1, 1, 2])
    if not compound:
        return number.map(lambda one: (one,))
    return st.tuples(number, st.sampled_from(["b", "b", "B", ""]))


@st.composite
def rows_of(draw: st.DrawFn, rule: Rules, *, compound: bool) -> list[Row]:
    """The rows of a batch; in most batches none is to be rejected, for they would all be."""
    one = row_of(rule, compound=compound, nulls=draw(st.sampled_from([False, False, False, True])))
    size = draw(st.sampled_from([1, 1, 2, 3, 5, 8, 0]))
    if draw(st.sampled_from([False, False, False, True])):
        return draw(st.lists(one, min_size=size, max_size=size))
    return draw(st.lists(one, max_size=size, min_size=1 if size else 0, unique_by=_key_and_time))


def row_of(rule: Rules, *, compound: bool, nulls: bool) -> st.SearchStrategy[Row]:
    times = st.one_of(TIMES, TIMES, st.none()) if nulls else TIMES
    columns = {COMPARED: VALUES}
    columns |= dict.fromkeys((*rule.keep_first, *rule.overwritten, *rule.excluded), NUMBERS)
    return st.builds(
        Row,
        key=keys(compound=compound, nulls=nulls),
        values=st.fixed_dictionaries(columns),
        time=times if rule.dated else st.none(),
        deleted=st.sampled_from([False, False, False, False, True]),
        order=st.tuples(st.integers(0, 2)),
    )


def _key_and_time(row: Row) -> tuple[Key, datetime | None]:
    return row.key, row.time


def cuts(*, compound: bool) -> st.SearchStrategy[tuple[Key, ...]]:
    one = st.tuples(st.integers(1, 3), st.sampled_from(["", "b"]))
    bound = one if compound else one.map(lambda key: key[:1])
    return st.lists(bound, max_size=2).map(tuple)


@st.composite
def histories(draw: st.DrawFn, *, with_empty_text: bool = True) -> History:
    """Keys of two parts have the empty text among them."""
    rule = draw(rules())
    compound = with_empty_text and draw(st.booleans())
    batch = st.builds(Batch, rows_of(rule, compound=compound), RUN_TIMES, cuts(compound=compound))
    return History(rule, compound, [draw(batch) for _ in range(draw(st.integers(2, 4)))])


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[list[Row]], list[list[Row]]]:
    """One stream of rows with times and values all different, in order and in any other way.

    Each way is a list of batches.
    """
    numbers = st.tuples(st.integers(1, 3), st.integers(1, 8))
    chosen = draw(st.lists(numbers, unique=True, min_size=1, max_size=12))
    stream = [Row((key,), {COMPARED: f"{key}-{time}"}, day(time)) for key, time in sorted(chosen)]
    shuffled = draw(st.permutations(stream))
    sizes = draw(st.lists(st.integers(1, 4), min_size=len(stream), max_size=len(stream)))
    return [stream], list(batched(shuffled, sizes))


def batched(rows: list[Row], sizes: list[int]) -> Iterator[list[Row]]:
    left = list(rows)
    for size in sizes:
        if left:
            yield left[:size]
        left = left[size:]
