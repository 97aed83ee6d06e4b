"""The random histories of test_versions.py on MariaDB: fewer, as each takes longer there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import driver
from tests.rules.histories import histories, streams
from tests.rules.judge import judge, judge_hashed, judge_stream

OPEN_ENDS = st.sampled_from(["9999-12-31", None])


@pytest.fixture(scope="module")
def place(mariadb) -> Iterator[driver.Place]:
    """The source and the target: one database."""
    with mariadb.fresh_database() as url:
        found = driver.place_of(url, url)
        yield found
        found.close()


@given(history=histories(), open_end=OPEN_ENDS)
@settings(max_examples=15)
def test_the_sql_says_what_the_rules_say(place, history, open_end):
    judge(place, history, open_end)


@given(history=histories(), count=st.integers(2, 4))
@settings(max_examples=5)
def test_slices_of_a_hash_give_the_same_table(place, history, count):
    judge_hashed(place, history, count)


@given(stream=streams())
@settings(max_examples=5)
def test_one_stream_gives_one_table_however_it_is_delivered(place, stream):
    judge_stream(place, stream)
