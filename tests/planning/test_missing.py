"""Before `on_missing: expire`, the guard counts the open keys that the source no longer has."""

from __future__ import annotations

import pytest

from mapper_tasks.model.errors import TooManyWouldExpire
from tests.planning.planned import run

PAIRS = ["pg=pg", "lite=lite", "pg>lite", "lite>pg", "pg>pg", "maria=maria", "pg>maria"]


def expiring(share, **more):
    return {"target": {"on_missing": "expire", "max_expire_share": share, **more}}


def lose(between, *rids):
    run(between.source, f"DELETE FROM src WHERE rid IN ({', '.join(map(str, rids))})")


@pytest.fixture(params=PAIRS)
def between(request, planned):
    """Ten open keys on both sides; one of them a word that databases order differently."""
    made = planned(request.param, ["integer", "german"])
    made.fill([(number, word) for number in range(5) for word in ("a", "Ä")])
    return made


def test_a_source_that_lacks_more_than_the_share_is_refused_with_the_numbers(between):
    lose(between, 0, 1, 2)

    with pytest.raises(TooManyWouldExpire, match="3 of the 10 open keys") as refusal:
        between.plan(**expiring(0.2))

    assert "20%" in str(refusal.value)


def test_a_source_that_lacks_as_much_as_the_share_is_planned(between):
    lose(between, 0, 1)

    assert between.plan(**expiring(0.2)).chunks


def test_an_empty_source_is_refused_unless_everything_may_close(between):
    run(between.source, "DELETE FROM src")

    with pytest.raises(TooManyWouldExpire, match="10 of the 10"):
        between.plan(**expiring(0.99))
    assert between.plan(**expiring(1)).chunks


def test_a_target_without_open_keys_has_nothing_to_guard(between):
    run(between.target, "DELETE FROM tgt")

    assert between.plan(**expiring(0)).chunks


def test_a_row_that_ends_its_key_by_itself_counts_as_present(between):
    plan = between.plan(**expiring(0, delete_when="rid < 9"))

    assert plan.chunks


def test_a_key_that_is_only_more_often_in_the_source_is_not_missing(between):
    run(between.source, "INSERT INTO src SELECT * FROM src")

    assert between.plan(**expiring(0)).chunks


@pytest.mark.parametrize("pair", ["pg=pg", "lite>pg"])
def test_only_open_versions_are_counted(planned, pair):
    between = planned(pair, ["integer"])
    between.fill([(number,) for number in range(4)])
    run(
        between.target,
        "ALTER TABLE tgt ADD curflg char(1)",
        "ALTER TABLE tgt ADD fromdt timestamp",
        "ALTER TABLE tgt ADD todt timestamp",
        "UPDATE tgt SET curflg = CASE WHEN k1 < 2 THEN 'Y' ELSE 'N' END",
    )
    lose(between, 2, 3)

    assert between.plan(**expiring(0, scd_type=2)).chunks
    lose(between, 1)
    with pytest.raises(TooManyWouldExpire, match="1 of the 2"):
        between.plan(**expiring(0, scd_type=2))


@pytest.mark.parametrize("pair", ["pg=pg", "lite=lite"])
def test_keys_that_python_makes_are_guarded_by_their_number(planned, pair):
    between = planned(pair, ["integer"])
    between.fill([(number,) for number in range(10)])
    columns = {"columns": {"k1": {"python": "a:b"}, "rid": "rid"}}
    lose(between, *range(5))

    with pytest.raises(TooManyWouldExpire, match="5 of the 10"):
        between.plan(**expiring(0.2, **columns))
    assert between.plan(**expiring(0.5, **columns)).chunks


@pytest.mark.parametrize("pair", ["pg>lite", "lite>pg"])
def test_the_guard_leaves_nothing_behind_in_the_target(planned, pair):
    between = planned(pair, ["integer"])
    between.fill([(1,), (2,)])

    between.plan(**expiring(0.5))

    with between.target.reading() as reader:
        assert between.target.table(reader, "mp_source_keys") is None
