"""Estimates, decisions and what a person sees of a plan."""

from __future__ import annotations

import pytest

from mapper_tasks.model.errors import MissingTable
from mapper_tasks.model.slices import Slice
from mapper_tasks.planning import chunk_sql, estimate
from tests.planning.planned import NOW, run


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria"])
def test_what_is_cheap_to_count_is_counted(planned, pair):
    between = planned(pair, ["integer"])
    between.fill([(number,) for number in range(100)])

    plan = between.plan(source={"query": "SELECT * FROM src WHERE k1 % 10 = 0"})

    assert (plan.estimate.rows, plan.estimate.how) == (10, "exact")


def test_a_large_analysed_table_is_known_from_its_statistics(planned, monkeypatch):
    between = planned("pg=pg", ["integer"])
    between.fill([(number,) for number in range(100)])
    run(between.source, "ANALYZE src")
    monkeypatch.setattr(estimate, "CHEAP_COST", 0)

    plan = between.plan()

    assert (plan.estimate.rows, plan.estimate.how) == (100, "statistics")
    assert not any("count(*)" in one for one in between.statements if "EXPLAIN" not in one)


def test_behind_a_condition_the_planner_is_believed_only_when_a_count_takes_too_long(
    planned, monkeypatch
):
    between = planned("pg=pg", ["integer"])
    between.fill([(number,) for number in range(1000)])
    run(between.source, "ANALYZE src")
    monkeypatch.setattr(estimate, "CHEAP_COST", 0)
    words = {"source": {"query": "SELECT * FROM src WHERE k1 % 7 <> 3"}}

    counted = between.plan(**words).estimate
    monkeypatch.setattr(estimate, "PATIENCE_SECONDS", 0.1)
    slow = "SELECT src.* FROM src, LATERAL (SELECT pg_sleep(0.001 + k1 * 0)) nap"
    guessed = between.plan(source={"query": slow}, parallel={"enable_parallel": False}).estimate

    assert (counted.rows, counted.how) == (857, "exact")
    assert guessed.how == "planner"


def test_a_small_source_is_one_chunk_that_takes_everything(planned):
    between = planned("lite=lite", ["integer"])
    between.fill([(1,), (None,)])

    plan = between.plan(parallel={"min_rows_for_parallel": 3})

    assert not plan.parallel
    assert [chunk.slice for chunk in plan.chunks] == [Slice(with_nulls=True)]
    assert "fewer than min_rows_for_parallel, 3" in plan.reason


def test_an_empty_source_is_one_chunk_that_finds_nothing(planned):
    between = planned("pg=pg", ["integer"])

    plan = between.plan()

    assert len(plan.chunks) == 1
    assert plan.estimate.rows == 0


def test_a_plan_has_one_effective_time_for_all_chunks(planned):
    between = planned("lite=lite", ["integer"])

    given = between.plan(target={"effective_at": "2020-01-02T03:04:05+01:00"})

    assert between.plan().effective_at == NOW
    assert given.effective_at.isoformat() == "2020-01-02T02:04:05+00:00"


def test_a_target_that_is_to_be_created_is_planned_without_being_there(planned):
    between = planned("pg=pg", ["integer"])
    between.fill([(number,) for number in range(30)])
    missing = {"table": "not_yet.dim"}

    plan = between.plan(size=10, target={**missing, "create": True, "on_missing": "expire"})

    assert len(plan.chunks) == 3
    with pytest.raises(MissingTable, match=r"not_yet\.dim"):
        between.plan(target=missing)


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite", "maria=maria"])
@pytest.mark.parametrize("kind", ["integer", "text", "date", "timestamp", "uuid", "numeric"])
def test_the_sql_of_a_chunk_can_be_pasted_and_gives_its_rows(planned, pair, kind):
    examples = {
        "integer": range(20),
        "text": [f"100% 'of' {letter}:x" for letter in "abcdefghijklmnopqrst"],
        "date": [f"2024-01-{day:02}" for day in range(1, 21)],
        "timestamp": [f"2024-01-{day:02} 00:00:01" for day in range(1, 21)],
        "uuid": [f"00000000-0000-0000-0000-0000000000{day:02}" for day in range(20)],
        "numeric": [f"{number}.250" for number in range(20)],
    }
    between = planned(pair, [kind])
    between.fill([(value,) for value in examples[kind]])
    query = {"source": {"query": "SELECT *, '50%' AS discount FROM src WHERE ':x' <> '%'"}}
    job = between.job(**query)
    plan = between.plan(size=10, **query)

    shown = [
        chunk_sql(job, between.source, between.target, chunk.slice, plan.window)
        for chunk in plan.chunks
    ]

    assert len(plan.chunks) == 2
    with between.source.reading() as reader:
        cursor = reader.connection.driver_connection.cursor()
        read = []
        for sql in shown:
            cursor.execute(sql)
            read.append(len(cursor.fetchall()))
        cursor.close()
    assert read == [10, 10]


def test_the_plan_writes_nothing(planned):
    between = planned("pg=pg", ["integer"])
    between.fill([(number,) for number in range(30)])

    between.plan(size=10, checkpoint_config={"columns": ["k1"]})

    verbs = {one.lstrip().split()[0].upper() for one in between.statements}
    assert verbs <= {"SELECT", "EXPLAIN", "SAVEPOINT", "ROLLBACK", "SET", "RELEASE"}
