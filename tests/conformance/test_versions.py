"""The same history gives the same versions, whatever two databases it goes between.

Longer histories, in one kind of database each, are in tests/properties.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules import driver
from tests.rules.histories import histories
from tests.rules.judge import judge

OPEN_ENDS = st.sampled_from(["9999-12-31", None])


@pytest.fixture
def place(ends) -> driver.Place:
    return driver.Place(ends.source, ends.target)


@given(drawn=st.data(), open_end=OPEN_ENDS)
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_every_batch_gives_the_table_that_the_rules_say(place, drawn, open_end):
    told_from_null = "oracle" not in (place.source.kind, place.target.kind)
    judge(place, drawn.draw(histories(with_empty_text=told_from_null)), open_end)
