"""The rules, drawn: each line of the table of rules as versions before, rows, versions after.

The pictures judge the model; the model judges the SQL (tests/properties). Time 9 is the run's
effective time unless a picture says otherwise.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.rules import histories
from tests.rules.model import NULL_KEY, NULL_TIME, Outcome, Row, Rules, Version, broken, load
from tests.rules.pictures import KEY, drawn, rows, versions

RUN = 9


def loaded(rules: Rules, before: str, feed: str, at: int = RUN) -> Outcome:
    """The outcome of a load; a rerun of it must change nothing (promise 4)."""
    outcome = load(rules, versions(before), rows(feed), at)
    assert broken(outcome.table) == []
    again = load(rules, outcome.table, rows(feed), at)
    assert drawn(again.table) == drawn(outcome.table)
    written = {name: again.tally[name] for name in ("inserted", "updated", "expired")}
    assert written == {"inserted": 0, "updated": 0, "expired": 0}
    return outcome


def counted(outcome: Outcome) -> str:
    """The tally in short: `+1 ~2 x3 =4 !5` inserted, updated, expired, unchanged, rejected."""
    signs = {"inserted": "+", "updated": "~", "expired": "x", "unchanged": "=", "rejected": "!"}
    shown = [f"{sign}{outcome.tally[name]}" for name, sign in signs.items() if outcome.tally[name]]
    return " ".join(shown) or "."


DATED = [
    # before               rows                 after                        counts
    # ---- new keys, changes, nothing new
    (".", "a@1", "a[1,)", "+1"),
    ("a[1,)", "a@1", "a[1,)", "=1"),
    ("a[1,)", "a@5", "a[1,)", "=1"),
    ("a[1,)", "b@5", "a[1,5) b[5,)", "+1 x1"),
    ("_[1,)", "_@5", "_[1,)", "=1"),
    ("_[1,)", "a@5", "_[1,5) a[5,)", "+1 x1"),
    ("a[1,)", "_@5", "a[1,5) _[5,)", "+1 x1"),
    # ---- several rows of a key: one version each, in order; equal neighbours fall together
    (".", "b@3 a@1 c@5", "a[1,3) b[3,5) c[5,)", "+3"),
    (".", "a@1 a@3 a@5", "a[1,)", "+1 =2"),
    (".", "a@1 a@3 b@5 b@7", "a[1,5) b[5,)", "+2 =2"),
    ("a[1,)", "a@3 a@5 b@7", "a[1,7) b[7,)", "+1 x1 =2"),
    # ---- A, B, A
    ("a[1,)", "b@3 a@5", "a[1,3) b[3,5) a[5,)", "+2 x1"),
    ("a[1,3) b[3,)", "a@5", "a[1,3) b[3,5) a[5,)", "+1 x1"),
    # ---- late rows are put in their place; only their neighbours' bounds move
    ("a[3,)", "b@1", "b[1,3) a[3,)", "+1"),
    ("a[1,5) b[5,)", "c@3", "a[1,3) c[3,5) b[5,)", "+1"),
    ("a[1,5) b[5,)", "a@3", "a[1,5) b[5,)", "=1"),
    ("a[1,5) b[5,)", "b@3", "a[1,3) b[3,)", "~1"),
    ("a[5,)", "a@1", "a[1,)", "~1"),
    ("a[5,)", "a@1 a@3", "a[1,)", "~1 =1"),
    ("a[5,)", "a@1 b@3", "a[1,3) b[3,5) a[5,)", "+2"),
    ("a[5,)", "a@1 a@5", "a[1,5) a[5,)", "+1 =1"),
    ("a[5,)", "a@1 b@5", "a[1,5) b[5,)", "+1 ~1"),
    ("a[1,2) b[2,4) c[4,6) d[6,)", "x@3 y@5", "a[1,2) b[2,3) x[3,4) c[4,5) y[5,6) d[6,)", "+2"),
    ("a[1,3) a[3,)", "b@2", "a[1,2) b[2,3) a[3,)", "+1"),
    ("a[1,3) a[3,)", "a@2", "a[1,3) a[3,)", "=1"),
    # ---- late rows beside gaps: a closing stays where it is
    ("a[1,3) b[5,)", "c@2", "a[1,2) c[2,3) b[5,)", "+1"),
    ("a[1,3) b[5,)", "b@2", "a[1,2) b[2,3) b[5,)", "+1"),
    ("a[1,3) b[5,)", "c@4", "a[1,3) c[4,5) b[5,)", "+1"),
    ("a[1,3) b[5,)", "b@4", "a[1,3) b[4,)", "~1"),
    ("a[1,3) b[5,)", "a@4", "a[1,3) a[4,5) b[5,)", "+1"),
    ("a[1,3)", "a@5", "a[1,3) a[5,)", "+1"),
    # ---- a row at the time of a closing takes its place
    ("a[1,3)", "b@3", "a[1,3) b[3,)", "+1"),
    ("a[1,3)", "a@3", "a[1,)", "~1"),
    ("a[1,3) b[5,)", "a@3", "a[1,5) b[5,)", "~1"),
    ("a[1,3) b[5,)", "b@3", "a[1,3) b[3,)", "~1"),
    # ---- the same time, other values: corrected in place
    ("a[1,)", "b@1", "b[1,)", "~1"),
    ("a[1,3) b[3,)", "c@1", "c[1,3) b[3,)", "~1"),
    ("a[1,3) b[3,)", "b@1", "b[1,3) b[3,)", "~1"),
    ("a[1,3) b[3,)", "a@3", "a[1,3) a[3,)", "~1"),
    ("a[1,)", "b@1 b@3", "b[1,)", "~1 =1"),
    ("a[1,)", "b@1 a@3", "b[1,3) a[3,)", "+1 ~1 x1"),
    # ---- deletes
    ("a[1,)", "-@5", "a[1,5)", "x1"),
    (".", "-@5", ".", "=1"),
    (".", "a@1 -@5", "a[1,5)", "+1"),
    (".", "a@1 -@3 -@5 b@7", "a[1,3) b[7,)", "+2 =1"),
    ("a[1,3)", "-@3", "a[1,3)", "=1"),
    ("a[1,3)", "-@5", "a[1,3)", "=1"),
    ("a[3,)", "-@1", "a[3,)", "=1"),
    ("a[1,5)", "-@3", "a[1,3)", "~1"),
    ("a[1,5) b[5,)", "-@3", "a[1,3) b[5,)", "~1"),
    ("a[1,5) b[5,)", "-@7", "a[1,5) b[5,7)", "x1"),
    ("a[1,)", "-@1", ".", "x1"),
    ("a[1,5) b[5,)", "-@5", "a[1,5)", "x1"),
    ("a[1,5) b[5,)", "-@1", "b[5,)", "~1"),
    ("a[1,5) b[5,7) c[7,)", "-@5", "a[1,5) c[7,)", "~1"),
    ("a[1,)", "-@3 a@5", "a[1,3) a[5,)", "+1 x1"),
    ("a[1,)", "b@3 -@5", "a[1,3) b[3,5)", "+1 x1"),
    ("a[5,)", "a@1 -@3", "a[1,3) a[5,)", "+1"),
    # ---- duplicates of one time
    (".", "a@1 a@1", "a[1,)", "+1 =1"),
    (".", "a@1 b@1", ".", "!2"),
    ("a[1,)", "b@3 c@3 d@5", "a[1,)", "!3"),
    ("a[1,)", "-@3 -@3", "a[1,3)", "x1 =1"),
    ("a[1,)", "a@3 -@3", "a[1,)", "!2"),
    # ---- NULL in effective_from
    ("a[1,)", "b@3 c@?", "a[1,3) b[3,)", "+1 x1 !1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), DATED)
def test_dated_rows_become_the_history_that_is_drawn(before, feed, after, counts):
    outcome = loaded(Rules(), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


UNDATED = [
    # every row has the run's time, 9
    (".", "a@?", "a[9,)", "+1"),
    ("a[1,)", "a@?", "a[1,)", "=1"),
    ("a[1,)", "b@?", "a[1,9) b[9,)", "+1 x1"),
    ("a[9,)", "b@?", "b[9,)", "~1"),
    ("a[1,3)", "a@?", "a[1,3) a[9,)", "+1"),
    ("a[1,)", "-@?", "a[1,9)", "x1"),
    ("a[1,)", "a@? a@?", "a[1,)", "=2"),
    ("a[1,)", "b@? b@?", "a[1,9) b[9,)", "+1 x1 =1"),
    ("a[1,)", "b@? c@?", "a[1,)", "!2"),
    ("a[20,)", "b@?", "b[9,20) a[20,)", "+1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), UNDATED)
def test_rows_without_a_time_are_dated_with_the_run(before, feed, after, counts):
    outcome = loaded(Rules(dated=False), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


EXPIRE = [
    # missing keys
    ("a[1,)", ".", "a[1,9)", "x1"),
    ("a[1,5)", ".", "a[1,5)", "."),
    ("a[9,)", ".", ".", "x1"),
    ("a[12,)", ".", "a[12,)", "."),
    ("a[1,5) b[5,)", ".", "a[1,5) b[5,9)", "x1"),
    # a rejected row and a delete are rows: the key is not missing
    ("a[1,)", "b@3 c@3", "a[1,)", "!2"),
    ("a[1,)", "b@?", "a[1,)", "!1"),
    ("a[3,)", "-@1", "a[3,)", "=1"),
    # back again: dated with the run, never before the closing, and the gap stays
    ("a[1,5)", "a@1", "a[1,5) a[9,)", "+1"),
    ("a[1,5)", "b@3", "a[1,5) b[9,)", "+1"),
    ("a[1,5)", "b@5", "a[1,5) b[5,)", "+1"),
    ("a[1,5)", "b@7", "a[1,5) b[7,)", "+1"),
    ("a[1,5)", "a@1 b@3", "a[1,5) b[9,)", "+1 =1"),
    ("a[1,5)", "c@3 b@4", "a[1,3) c[3,5) b[9,)", "+2"),
    ("a[1,5)", "b@3 -@4", "a[1,3) b[3,4)", "+1"),
    ("a[1,5) a[7,)", "a@1", "a[1,5) a[7,)", "=1"),
    ("a[1,5)", "-@2 b@3", "a[1,5) b[9,)", "+1 =1"),
    ("a[1,9)", "a@1", "a[1,)", "~1"),
    ("a[1,12)", "a@1", "a[1,12)", "=1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), EXPIRE)
def test_missing_keys_close_and_returning_keys_keep_the_gap(before, feed, after, counts):
    outcome = loaded(Rules(expire_missing=True), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


TYPE1_ALL = [
    # the second column is of type 1: in every version of the key
    (".", "a:1@1 b:2@3", "a:2[1,3) b:2[3,)", "+2"),
    ("a:1[1,)", "a:2@1", "a:2[1,)", "~1"),
    ("a:1[1,)", "a:2@5", "a:2[1,)", "~1"),
    ("a:1[1,3) b:1[3,)", "b:2@5", "a:2[1,3) b:2[3,)", "~1"),
    ("a:1[1,3) b:1[3,)", "c:2@5", "a:2[1,3) b:2[3,5) c:2[5,)", "+1 x1"),
    ("a:1[1,)", "b:2@3 b:3@5", "a:3[1,3) b:3[3,)", "+1 ~1 x1"),
    ("a:1[1,3) b:1[3,)", "c:2@2", "a:1[1,2) c:1[2,3) b:1[3,)", "+1"),
    ("a:1[1,3) b:1[3,)", "a:2@2", "a:1[1,3) b:1[3,)", "=1"),
    ("a:1[1,)", "_:_@3", "a[1,3) _[3,)", "+1 x1"),
    ("a:1[1,)", "a:2@3 -@5", "a:2[1,5)", "~1 x1"),
    ("b:2[5,)", "b:9@3", "b:9[3,)", "~1"),
    ("a:1[1,3) b:1[5,)", "c:9@3 -@5", "a:9[1,3) c:9[3,5)", "+1 x1"),
    (".", "a:1@1 a:2@1", ".", "!2"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), TYPE1_ALL)
def test_a_type_1_column_is_overwritten_in_every_version(before, feed, after, counts):
    outcome = loaded(Rules(overwritten=("w",)), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


TYPE1_CURRENT = [
    (".", "a:1@1 b:2@3", "a:1[1,3) b:2[3,)", "+2"),
    (".", "a:1@1 a:2@2 b:3@3", "a:2[1,3) b:3[3,)", "+2 =1"),
    ("a:1[1,)", "a:2@5", "a:2[1,)", "~1"),
    ("a:1[1,3) b:1[3,)", "b:2@5", "a:1[1,3) b:2[3,)", "~1"),
    ("a:1[1,3) b:1[3,)", "c:2@5", "a:1[1,3) b:1[3,5) c:2[5,)", "+1 x1"),
    ("a:1[1,3) b:1[3,)", "c:2@2", "a:1[1,2) c:2[2,3) b:1[3,)", "+1"),
    ("a:1[1,3) b:1[3,)", "a:2@2", "a:1[1,3) b:1[3,)", "=1"),
    ("a:1[1,)", "b:2@1", "b:2[1,)", "~1"),
    ("a:1[1,3) b:1[3,)", "c:2@1", "c:1[1,3) b:1[3,)", "~1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), TYPE1_CURRENT)
def test_type1_scope_current_overwrites_only_the_open_version(before, feed, after, counts):
    outcome = loaded(Rules(overwritten=("w",), current_scope=True), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


TYPE0 = [
    (".", "a:1@1 b:2@3", "a:1[1,3) b:1[3,)", "+2"),
    (".", "-@1 b:2@3 a:1@5", "b:2[3,5) a:2[5,)", "+2 =1"),
    ("a:1[3,)", "b:2@5", "a:1[3,5) b:1[5,)", "+1 x1"),
    ("a:1[3,)", "b:2@1", "b:1[1,3) a:1[3,)", "+1"),
    ("a:1[3,)", "b:2@3", "b:1[3,)", "~1"),
    ("a:1[3,)", "a:2@5", "a:1[3,)", "=1"),
    ("a:_[3,)", "b:2@5", "a[3,5) b[5,)", "+1 x1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), TYPE0)
def test_a_type_0_column_keeps_its_first_value(before, feed, after, counts):
    outcome = loaded(Rules(keep_first=("w",)), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


EXCLUDED = [
    (".", "a:1@1 a:2@3", "a:1[1,)", "+1 =1"),
    ("a:1[1,)", "a:2@1", "a:1[1,)", "=1"),
    ("a:1[1,)", "a:2@5", "a:1[1,)", "=1"),
    ("a:1[1,)", "b:2@5", "a:1[1,5) b:2[5,)", "+1 x1"),
    ("a:1[1,)", "b:2@1", "b:2[1,)", "~1"),
    ("a:1[5,)", "a:2@3", "a:1[3,)", "~1"),
    (".", "a:1@1 a:2@1", "a:1[1,)", "+1 =1"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), EXCLUDED)
def test_an_excluded_column_is_stored_but_never_a_change(before, feed, after, counts):
    outcome = loaded(Rules(excluded=("w",)), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


TYPE1_TABLE = [
    # one row a key: its fromdt is the time of the values it holds
    (".", "a@1", "a[1,)", "+1"),
    (".", "a@1 b@3", "b[3,)", "+1 =1"),
    (".", "b@3 a@1", "b[3,)", "+1 =1"),
    ("a[3,)", "b@5", "b[5,)", "~1"),
    ("a[3,)", "b@1", "a[3,)", "=1"),
    ("a[3,)", "b@3", "b[3,)", "~1"),
    ("a[3,)", "a@5", "a[5,)", "~1"),
    ("a[3,)", "a@3", "a[3,)", "=1"),
    ("a[3,)", "-@5", ".", "x1"),
    ("a[3,)", "-@3", ".", "x1"),
    ("a[3,)", "-@1", "a[3,)", "=1"),
    (".", "-@1", ".", "=1"),
    ("a[3,)", "b@5 -@7", ".", "x1 =1"),
    ("a[3,)", "-@5 b@7", "b[7,)", "~1 =1"),
    (".", "a@1 b@1", ".", "!2"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), TYPE1_TABLE)
def test_in_a_type_1_table_the_newest_row_wins(before, feed, after, counts):
    outcome = loaded(Rules(scd_type=1), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


UNDATED_TYPE1 = [
    (".", "a@?", "a[9,)", "+1"),
    ("a[3,)", "a@?", "a[3,)", "=1"),
    ("a[3,)", "b@?", "b[9,)", "~1"),
    ("a[12,)", "b@?", "b[9,)", "~1"),
    ("a[3,)", "-@?", ".", "x1"),
    ("a[3,)", "b@? c@?", "a[3,)", "!2"),
]


@pytest.mark.parametrize(("before", "feed", "after", "counts"), UNDATED_TYPE1)
def test_in_a_type_1_table_without_times_the_run_wins(before, feed, after, counts):
    outcome = loaded(Rules(scd_type=1, dated=False), before, feed)
    assert (drawn(outcome.table), counted(outcome)) == (after, counts)


def test_missing_rows_of_a_type_1_table_are_removed():
    outcome = loaded(Rules(scd_type=1, expire_missing=True), "a[3,)", ".")
    assert (drawn(outcome.table), counted(outcome)) == (".", "x1")


def test_a_row_newer_than_the_run_is_not_removed_as_missing():
    outcome = loaded(Rules(scd_type=1, expire_missing=True), "a[12,)", ".")
    assert (drawn(outcome.table), counted(outcome)) == ("a[12,)", ".")


def test_on_duplicate_last_takes_the_last_by_checkpoint_columns_then_by_source_order():
    given = {"c": (2, 0), "a": (2, 1), "b": (2, 1), "d": (1, 5)}
    feed = [Row(KEY, {"v": value}, 1, order=order) for value, order in given.items()]
    outcome = load(Rules(last_duplicate=True), [], feed, RUN)
    assert drawn(outcome.table) == "b[1,)"


def test_a_null_in_the_key_is_a_row_error_and_its_neighbours_are_loaded():
    feed = [
        Row((None, 1), {"v": "a"}, 1),
        Row((2, 1), {"v": "b"}, 1),
        Row((2, None), {"v": "c"}, 1),
    ]
    outcome = load(Rules(), [], feed, RUN)
    assert [version.key for version in outcome.table] == [(2, 1)]
    assert [code for _, code in outcome.errors] == [NULL_KEY, NULL_KEY]


def test_a_null_in_effective_from_is_a_row_error():
    outcome = load(Rules(), [], rows("a@?"), RUN)
    assert (outcome.table, outcome.errors) == ([], [(KEY, NULL_TIME)])


def test_other_keys_of_the_table_are_not_touched():
    other = Version((2,), {"v": "z", "w": None}, 1)
    outcome = load(Rules(), [other, *versions("a[1,)")], rows("b@5"), RUN)
    assert [version for version in outcome.table if version.key == (2,)] == [other]


@given(histories.histories())
def test_the_model_keeps_its_promises_on_random_histories(history):
    table: list[Version] = []
    for batch in history.batches:
        outcome = load(history.rules, table, batch.rows, batch.at)
        if history.rules.scd_type == 2:
            assert broken(outcome.table) == []
        assert sum(outcome.tally.values()) >= outcome.tally["source"]
        assert outcome.tally["unchanged"] >= 0
        again = load(history.rules, outcome.table, batch.rows, batch.at)
        assert again.table == outcome.table
        rejected = again.tally["rejected"]
        assert again.tally["unchanged"] == again.tally["source"] - rejected
        assert again.tally["expired"] == 0
        table = outcome.table
