"""Every row of the source, and every row of the target, lies in exactly one slice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapper_tasks.model.errors import UncuttableKey
from tests.planning.planned import ORACLE

# Few different values, so that keys repeat; and some that databases are known to order oddly.
WORDS = st.sampled_from(["a", "B", "ä", "Z", "z", "", " ", "a ", "a-b", "ab", "ß", "ss", "é", "😀"])
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001
LETTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
DRAWN = {
    "integer": st.one_of(st.integers(-5, 5), st.integers(-(2**63), 2**63 - 1)),
    "numeric": st.decimals(-1000, 1000, places=2).map(lambda one: one.quantize(Decimal("0.010"))),
    "float": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "text": st.one_of(WORDS, st.text(LETTERS, max_size=60)),
    "word": WORDS.filter(bool),  # the empty one is NULL to Oracle
    "german": WORDS,
    "date": st.dates(),
    "timestamp": MOMENTS,
    "timestamptz": MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
    "uuid": st.uuids(),
    "boolean": st.booleans(),
}
SINGLE = [[kind] for kind in DRAWN if kind != "word"]
KEYS = [*SINGLE, ["integer", "text"], ["german", "date", "integer"]]

OF_ORACLE = [["integer"], ["numeric"], ["word"], ["timestamp"], ["uuid"], ["word", "integer"]]
BETWEEN = [
    *[(pair, kinds, True) for pair in ("pg=pg", "lite=lite") for kinds in KEYS],
    *[(pair, kinds, False) for pair in ("pg=pg", "pg>lite", "lite>pg") for kinds in KEYS],
    *[("maria=maria", kinds, True) for kinds in KEYS if kinds != ["float"]],
    *[(pair, kinds, False) for pair in ("maria>pg", "pg>maria") for kinds in KEYS],
    ("lite>maria", ["german", "date", "integer"], False),
    ("maria>lite", ["german", "date", "integer"], False),
    ("pg>pg", ["german", "date", "integer"], False),
    *[("ora=ora", kinds, True) for kinds in OF_ORACLE],
    *[(pair, kinds, False) for pair in ("ora>pg", "pg>ora") for kinds in OF_ORACLE],
    ("lite=lite", ["german", "date", "integer"], False),
]


def rows_of(kinds):
    values = [st.one_of(st.none(), DRAWN[kind]) for kind in kinds]
    return st.lists(st.tuples(*values), max_size=40).flatmap(
        lambda rows: (
            st.lists(st.sampled_from(rows), max_size=40).map(lambda more: rows + more)
            if rows
            else st.just(rows)
        )
    )


@pytest.mark.parametrize(
    ("pair", "kinds", "indexed"),
    [
        pytest.param(
            *(pair, kinds, indexed),
            id=f"{pair}-{'-'.join(kinds)}-{'indexed' if indexed else 'plain'}",
            marks=[pytest.mark.oracle] if "ora" in pair else [],
        )
        for pair, kinds, indexed in BETWEEN
    ],
)
def test_every_key_lies_in_exactly_one_slice_on_both_sides(planned, pair, kinds, indexed):
    between = planned(pair, kinds, indexed=indexed)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(rows=rows_of(kinds), size=st.integers(1, 12))
    def lies_in_one(rows, size):
        between.fill(rows)
        plan = between.plan(size=size)
        chunks = between.rows_of(plan)

        read = Counter(rid for source, _ in chunks for rid in source)
        assert read == Counter(range(len(rows)))
        for source, target in chunks:
            keys = {rows[rid] for rid in source if None not in rows[rid]}
            assert keys == {rows[rid] for rid in target}

    lies_in_one()


@pytest.mark.parametrize("kinds", [["integer"], ["text", "integer"], ["uuid"]], ids="-".join)
@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "plain"])
def test_slices_have_about_chunk_size_rows_and_say_so(planned, pair, kinds, indexed):
    between = planned(pair, kinds, indexed=indexed)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(st.tuples(*[DRAWN[kind] for kind in kinds]), min_size=1, max_size=120))
    def are_even(rows):
        between.fill(rows)
        size = 10
        plan = between.plan(size=size)
        most_of_a_key = max(Counter(rows).values())

        for chunk, (source, _) in zip(plan.chunks, between.rows_of(plan), strict=True):
            assert len(source) <= size + most_of_a_key
            assert abs(chunk.rows - len(source)) <= most_of_a_key
        told = sum(chunk.rows for chunk in plan.chunks)
        assert len(rows) <= told <= len(rows) + most_of_a_key * len(plan.chunks)

    are_even()


def analysed(between):
    if between.source.kind == "postgresql":
        with between.source.writing() as writer:
            writer.exec_driver_sql("ANALYZE src")


@pytest.mark.parametrize("kinds", [["integer"], ["integer", "text"]], ids="-".join)
@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
def test_an_index_is_walked_and_the_cost_grows_with_the_slices(planned, pair, kinds):
    between = planned(pair, kinds, indexed=True)
    between.fill([(number * number, "x")[: len(kinds)] for number in range(5_000)])
    analysed(between)

    def cost(size):
        plan = between.plan(size=size)
        assert "walking the index" in plan.reason
        return len(plan.chunks), len(between.statements)

    (few, cheap), (many, dear) = cost(500), cost(100)

    assert (few, many) == (10, 50)
    assert dear - cheap == many - few
    assert not any(" OFFSET 5000" in statement for statement in between.statements)


def test_each_step_of_a_walk_begins_at_the_last_bound(planned):
    between = planned("pg=pg", ["integer", "text"], indexed=True)
    between.fill([(number, "x") for number in range(5_000)])
    analysed(between)

    between.plan(size=1000)

    steps = [one for one in between.statements if "OFFSET" in one and "EXPLAIN" not in one]
    assert len(steps) == 5
    assert all(">=" in step for step in steps)


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
def test_without_an_index_one_pass_finds_all_bounds(planned, pair):
    between = planned(pair, ["integer"])
    between.fill([(number % 1000,) for number in range(4_000)])

    plan = between.plan(size=100)
    many = len(between.statements)
    between.plan(size=1000)

    assert "one pass" in plan.reason
    assert len(plan.chunks) == 40
    assert len(between.statements) == many


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "plain"])
def test_a_key_with_very_many_rows_is_one_big_slice(planned, pair, indexed):
    between = planned(pair, ["integer"], indexed=indexed)
    between.fill([(7,)] * 500 + [(number,) for number in range(100, 150)])

    plan = between.plan(size=10)
    sizes = [len(source) for source, _ in between.rows_of(plan)]

    assert max(sizes) <= 510
    assert sorted(sizes)[-2] <= 10


def test_rows_without_a_key_are_in_the_first_slice_alone(planned):
    between = planned("pg=pg", ["integer", "text"])
    between.fill([(None, "x"), (5, None), *[(number, "x") for number in range(50)]])

    plan = between.plan(size=10)
    first, *others = [source for source, _ in between.rows_of(plan)]

    assert {0, 1} <= set(first)
    assert not any({0, 1} & set(source) for source in others)
    assert [chunk.slice.with_nulls for chunk in plan.chunks] == [True] + [False] * len(others)


def test_keys_that_are_no_numbers_in_a_number_column_bound_no_slice(planned):
    between = planned("lite>pg", ["integer"])
    with between.source.writing() as writer:
        for number in range(30):
            writer.exec_driver_sql("INSERT INTO src VALUES (?, ?)", (number, number))
        for number in range(30):
            writer.exec_driver_sql("INSERT INTO src VALUES (?, ?)", (f"x{number}", 30 + number))

    plan = between.plan(size=5)

    assert all(isinstance(part.slice.high[0], int) for part in plan.chunks[:-1])
    assert sorted(rid for source, _ in between.rows_of(plan) for rid in source) == list(range(60))


def test_blocks_are_refused_with_the_reason_and_what_to_take_instead(planned):
    between = planned("pg=pg", ["integer"])

    with pytest.raises(UncuttableKey, match="blocks: rows of one key") as refusal:
        between.plan(parallel={"partition": "blocks"})

    assert "spool" in str(refusal.value)


def test_a_key_from_python_makes_one_chunk_and_the_plan_says_why(planned):
    between = planned("lite=lite", ["integer"])
    between.fill([(number,) for number in range(30)])

    plan = between.plan(size=5, target={"columns": {"k1": {"python": "a:b"}, "rid": "rid"}})

    assert len(plan.chunks) == 1
    assert not plan.parallel
    assert "Python" in plan.reason


def test_automatic_slices_suit_the_bytes_and_the_workers(planned):
    between = planned("pg=pg", ["integer"], indexed=True)
    between.fill([(number,) for number in range(20_000)])
    analysed(between)

    alone = between.plan(size="auto")
    shared = between.plan(size="auto", workers=1)

    assert len(alone.chunks) == 1
    assert len(shared.chunks) == 4
