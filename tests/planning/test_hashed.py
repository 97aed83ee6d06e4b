"""Slices of a hash: every key in exactly one, on both sides, whatever two databases they are."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from mapper_tasks.mapping import Mapping
from mapper_tasks.model.errors import UncuttableKey
from tests.planning.planned import run
from tests.planning.test_slices import DRAWN, rows_of

BY_HASH = {"partition": "hash"}
KINDS = [kind for kind in DRAWN if kind not in ("float", "word")]
KEYS = [[kind] for kind in KINDS] + [["integer", "text"], ["german", "date", "integer"]]
PAIRS = ["pg=pg", "lite=lite", "pg>lite", "lite>pg", "maria>pg", "lite>maria"]


@pytest.mark.parametrize("kinds", KEYS, ids="-".join)
@pytest.mark.parametrize("pair", PAIRS)
def test_every_key_lies_in_exactly_one_slice_of_the_hash_on_both_sides(planned, pair, kinds):
    if pair == "maria>pg" and "uuid" in kinds:
        pytest.skip("the text of a UUID there is no UUID here")
    between = planned(pair, kinds)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(rows=rows_of(kinds), size=st.integers(1, 12))
    def lies_in_one(rows, size):
        between.fill(rows)
        chunks = between.rows_of(between.plan(size=size, parallel=BY_HASH))

        read = Counter(rid for source, _ in chunks for rid in source)
        assert read == Counter(range(len(rows)))
        for source, target in chunks:
            keys = {rows[rid] for rid in source if None not in rows[rid]}
            assert keys == {rows[rid] for rid in target}

    lies_in_one()


def test_slices_of_a_hash_are_even_and_the_plan_says_what_they_cost(planned):
    between = planned("pg=pg", ["text"])
    between.fill([(f"key {number}",) for number in range(4000)])

    plan = between.plan(size=500, parallel=BY_HASH)

    assert len(plan.chunks) == 8
    assert "by a hash of the key: each chunk reads all of the source" in plan.reason
    for source, _ in between.rows_of(plan):
        assert 400 < len(source) < 600


def test_rows_without_a_key_are_in_the_first_slice_of_the_hash(planned):
    between = planned("lite>pg", ["integer", "text"])
    between.fill([(None, "x"), (5, None), *[(number, "x") for number in range(50)]])

    plan = between.plan(size=10, parallel=BY_HASH)
    first, *others = [set(source) for source, _ in between.rows_of(plan)]

    assert {0, 1} <= first
    assert not any({0, 1} & other for other in others)


SHOWN = [
    ("integer", -7, "-7"),
    ("numeric", "100.500", "100.5"),
    ("numeric", "300", "300"),
    ("text", "ä b ", "ä b "),
    ("boolean", True, "1"),
    ("timestamp", datetime(2024, 5, 6, 7, 8, 9), "2024-05-06 07:08:09.000000"),  # noqa: DTZ001
    ("timestamptz", datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01 00:00:00.000000"),
    ("uuid", UUID(int=255), "00000000-0000-0000-0000-0000000000ff"),
]


@pytest.mark.parametrize(("kind", "value", "shown"), SHOWN, ids=[one[0] for one in SHOWN])
@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite"])
def test_the_hash_is_the_one_that_is_promised(planned, pair, kind, value, shown):
    between = planned(pair, [kind])
    between.fill([(value,)])
    with between.source.reading() as reader:
        mapping = Mapping.between(between.job(), between.source, reader, between.target, reader)
        found = between.source.key_hash(mapping.keys, [mapping.table.by_name["k1"]])
        told = reader.execute(mapping.source.select(found)).scalar_one()

    assert told == hashlib.md5(f"{len(shown)}:{shown}".encode()).hexdigest()


def test_a_number_finer_than_its_column_lies_where_the_stored_one_does(planned):
    between = planned("lite>pg", ["numeric"])
    run(between.source, "INSERT INTO src VALUES (1.23456, 0), (2.9996, 1), (-0.0001, 2)")
    run(between.target, "INSERT INTO tgt VALUES (1.23456, 0), (2.9996, 1), (-0.0001, 2)")

    for source, target in between.rows_of(between.plan(size=1, parallel=BY_HASH)):
        assert set(source) == target


def test_values_that_are_no_keys_of_their_kind_are_read_all_the_same(planned):
    between = planned("lite>pg", ["timestamp"])
    with between.source.writing() as writer:
        for rid, value in enumerate(["soon", 7, "2024-01-01", b"x", "2024-13-01"]):
            writer.execute(text("INSERT INTO src VALUES (:v, :r)"), {"v": value, "r": rid})

    chunks = between.rows_of(between.plan(size=1, parallel=BY_HASH))

    assert sorted(rid for source, _ in chunks for rid in source) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("pair", "kind", "words"),
    [
        ("pg=pg", "float", "float"),
        ("lite>pg", "float", "float"),
    ],
)
def test_a_key_without_a_common_hash_is_refused_with_the_reason(planned, pair, kind, words):
    between = planned(pair, [kind])

    with pytest.raises(UncuttableKey, match=words) as refusal:
        between.plan(parallel=BY_HASH)

    assert "'k1'" in str(refusal.value)


def test_a_key_from_python_cannot_be_hashed_by_the_source(planned):
    between = planned("lite=lite", ["integer"])

    with pytest.raises(UncuttableKey, match="Python"):
        between.plan(parallel=BY_HASH, target={"columns": {"k1": {"python": "a:b"}, "rid": "rid"}})


def test_times_that_the_target_rounds_are_not_hashed(planned):
    between = planned("pg=pg", ["timestamp"])
    run(between.target, "ALTER TABLE tgt ALTER k1 TYPE timestamp(0)")

    with pytest.raises(UncuttableKey, match="rounded"):
        between.plan(parallel=BY_HASH)
