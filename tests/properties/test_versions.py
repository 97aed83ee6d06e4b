"""Random histories through the real thing: the SQL must say what the rules say.

A history is a job and batches of rows, in any order, cut into any chunks. After every batch the
target is compared with the plain statement of the rules (tests/rules/model.py), row for row, and
a rerun of the batch must write nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import driver
from tests.rules.histories import histories, streams
from tests.rules.judge import judge, judge_hashed, judge_spooled, judge_stream

OPEN_ENDS = st.sampled_from(["9999-12-31", None])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request, tmp_path_factory) -> Iterator[driver.Place]:
    """The source and the target: two SQLite files, or one database of a server."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("rules")
        found = driver.place_of(f"sqlite:///{folder}/source.db", f"sqlite:///{folder}/target.db")
        yield found
        found.close()
        return
    with request.getfixturevalue("postgres").fresh_database() as url:
        found = driver.place_of(url, url)
        yield found
        found.close()


@given(history=histories(), open_end=OPEN_ENDS)
def test_the_sql_says_what_the_rules_say(place, history, open_end):
    judge(place, history, open_end)


@given(history=histories(), count=st.integers(2, 4))
@settings(max_examples=25)
def test_slices_of_a_hash_give_the_same_table(place, history, count):
    judge_hashed(place, history, count)


@given(history=histories())
@settings(max_examples=25)
def test_chunks_that_read_a_spool_give_the_same_table(place, history):
    judge_spooled(place, history)


@given(stream=streams())
@settings(max_examples=15)
def test_one_stream_gives_one_table_however_it_is_delivered(place, stream):
    judge_stream(place, stream)
