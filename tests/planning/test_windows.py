"""Checkpoints: what a run reads, and how far the next one knows it was read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from mapper_tasks.model.errors import MissingColumn, SourceRefused
from tests.planning.planned import ORACLE, run

PAIRS = ["pg=pg", "lite=lite", "lite>pg", "pg>lite", "maria>pg", "lite>maria", *ORACLE]


def by_key(*columns):
    return {"checkpoint_config": {"strategy": "KEY", "columns": list(columns)}}


def by_position(*columns):
    return {"checkpoint_config": {"strategy": "PYTHON", "columns": list(columns)}}


def read_by(between, plan):
    return sorted(rid for source, _ in between.rows_of(plan) for rid in source)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("words", [by_key("k1", "k2"), by_position("k1", "k2")], ids=["key", "pos"])
def test_a_second_run_reads_what_came_after_the_first(planned, pair, words):
    between = planned(pair, ["integer", "text"])
    rows = [(number, word) for number in range(10) for word in "ab"]
    between.fill(rows)

    first = between.plan(size=5, **words)
    between.fill([*rows, (10, "a"), (9, "c")])
    second = between.plan(size=5, checkpoint=first.window.reached, **words)

    assert read_by(between, first) == list(range(20))
    assert read_by(between, second) == [20, 21]
    assert second.estimate.rows == 2
    assert len(first.chunks) == 4


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
@pytest.mark.parametrize(
    "words", [by_key("k1"), by_position("k1"), by_position()], ids=["key", "pos", "bare"]
)
def test_an_unchanged_source_makes_a_plan_without_chunks(planned, pair, words):
    between = planned(pair, ["timestamp"])
    between.fill([(datetime(2024, 1, day),) for day in range(1, 20)])  # noqa: DTZ001

    first = between.plan(**words)
    second = between.plan(checkpoint=first.window.reached, **words)

    assert second.chunks == ()
    assert second.window.empty
    assert (second.estimate.rows, second.estimate.how) == (0, "exact")
    assert second.window.reached == first.window.reached


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("integer", [1, 2, 2**62]),
        ("numeric", [1, 2, 3]),
        ("text", ["A", "b", "ö"]),
        ("date", [date(2024, 1, 1), date(2024, 1, 2), date(2025, 1, 1)]),
        ("timestamptz", [datetime(2024, 1, 1, 0, 0, 0, n, UTC) for n in (1, 2, 3)]),
        ("uuid", ["00000000-0000-0000-0000-00000000000" + n for n in "1ab"]),
    ],
)
@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
def test_a_checkpoint_of_any_type_is_kept_to_the_last_digit(planned, pair, kind, values):
    between = planned(pair, [kind])
    between.fill([(value,) for value in values[:2]])
    reached = between.plan(**by_key("k1")).window.reached

    between.fill([(value,) for value in values])

    assert read_by(between, between.plan(checkpoint=reached, **by_key("k1"))) == [2]


def test_rows_that_come_while_a_run_is_planned_are_left_to_the_next(planned):
    between = planned("pg=pg", ["integer"])
    between.fill([(number,) for number in range(10)])

    plan = between.plan(**by_key("k1"))
    between.fill([(number,) for number in range(15)])

    assert read_by(between, plan) == list(range(10))


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
def test_rows_without_a_checkpoint_value_are_read_each_time(planned, pair):
    between = planned(pair, ["integer", "text"])
    between.fill([(1, "a"), (2, None), (None, "c")])

    first = between.plan(**by_key("k1", "k2"))
    second = between.plan(checkpoint=first.window.reached, **by_key("k1", "k2"))

    assert read_by(between, first) == [0, 1, 2]
    assert read_by(between, second) == [1, 2]
    assert not second.window.empty


def test_the_stored_text_has_strategy_columns_and_typed_values(planned):
    between = planned("lite=lite", ["integer", "text"])
    between.fill([(1, "a"), (2, "b")])

    assert json.loads(between.plan(**by_key("k1", "k2")).window.reached) == {
        "strategy": "KEY",
        "columns": ["k1", "k2"],
        "values": [["int", "2"], ["str", "b"]],
    }
    assert json.loads(between.plan(**by_position("k1")).window.reached) == {
        "strategy": "PYTHON",
        "columns": ["k1"],
        "position": 2,
    }


@pytest.mark.parametrize(
    "stored",
    [
        '{"strategy": "KEY", "columns": ["k2"], "values": [["str", "z"]]}',
        '{"strategy": "PYTHON", "columns": ["k1"], "position": 2}',
        '{"strategy": "KEY", "columns": ["k1"], "values": [["str", "2"]]}',
        "2024-01-01",
        "{}",
    ],
)
def test_a_checkpoint_that_cannot_be_compared_means_reading_everything(planned, stored):
    between = planned("pg=pg", ["integer", "text"])
    between.fill([(1, "a"), (2, "b")])

    plan = between.plan(checkpoint=stored, **by_key("k1"))

    assert read_by(between, plan) == [0, 1]
    assert "everything is read" in plan.reason


def test_a_source_that_lost_its_newest_rows_has_nothing_new(planned):
    between = planned("pg=pg", ["integer"])
    between.fill([(1,), (2,), (3,)])
    reached = between.plan(**by_key("k1")).window.reached
    between.fill([(1,), (2,)])

    plan = between.plan(checkpoint=reached, **by_key("k1"))

    assert plan.chunks == ()
    assert plan.window.reached == reached


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria", *ORACLE])
def test_an_empty_source_has_no_checkpoint_yet(planned, pair):
    between = planned(pair, ["integer"])

    plan = between.plan(**by_key("k1"))

    assert (plan.chunks, plan.window.reached) == ((), None)


def test_a_row_position_is_cut_where_the_columns_order_every_row(planned):
    between = planned("pg=pg", ["integer", "integer"])
    rows = [(number, number % 3) for number in range(30)]
    between.fill(rows)

    total = between.plan(size=5, **by_position("k1"))
    tied = between.plan(size=5, **by_position("k2"))

    assert (total.window.after, total.window.upto, total.window.take) == (None, (29,), None)
    assert len(total.chunks) == 6
    assert (tied.window.skip, tied.window.take) == (0, 30)
    assert len(tied.chunks) == 1
    assert "a place of its own" in tied.reason


def test_a_column_that_is_not_there_or_has_no_order_is_named(planned):
    between = planned("pg=pg", ["integer"])
    run(between.source, "ALTER TABLE src ADD data jsonb")

    with pytest.raises(MissingColumn, match="nowhere"):
        between.plan(**by_key("nowhere"))
    with pytest.raises(SourceRefused, match="data"):
        between.plan(**by_key("data"))


def test_without_a_checkpoint_everything_is_read_and_the_stored_one_stays(planned):
    between = planned("lite=lite", ["integer"])
    between.fill([(1,), (2,)])

    plan = between.plan(checkpoint="kept", checkpoint_config={"enabled": False})

    assert read_by(between, plan) == [0, 1]
    assert plan.window.reached == "kept"
