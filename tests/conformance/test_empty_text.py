"""The empty text and NULL, where the source takes them for the same and the target does not.

Oracle is such a source. What it takes for the same is said of another one here, so that the rule is
held to on every target without an Oracle at hand: the values are those that its driver gives.
"""

from __future__ import annotations

import pytest

from mapper_tasks.dialects.oracle.database import Oracle
from tests.conformance.ends import job

CONFUSED, EXACT = False, True


def load(ends, number, **road):
    plan = {"id": "id", "name": "name", "note": {"value": ""}}
    ends.functions = {"m:emptied": lambda row: {**row, "name": row["name"] or ""}}
    return ends.load(job(plan, scd_type=2, **road), number)[0]


def make(ends):
    ends.on_source(
        "CREATE TABLE src (id integer, name varchar(9))",
        "INSERT INTO src VALUES (1, NULL), (2, 'b')",
    )
    ends.make_versioned("id integer NOT NULL, name varchar(9), note varchar(9)")


@pytest.mark.parametrize("tells", [CONFUSED, EXACT])
@pytest.mark.parametrize("emptied_first", [True, False])
def test_null_for_an_empty_text_is_a_change_only_where_the_source_can_tell(
    ends, monkeypatch, tells, emptied_first
):
    monkeypatch.setattr(ends.source, "tells_empty_text", tells)
    make(ends)
    emptied = {"transform": "m:emptied"}
    first, second = (emptied, {}) if emptied_first else ({}, emptied)

    assert load(ends, 1, **first).inserted == 2
    tally = load(ends, 2, **second)

    assert tally.unchanged == (2 if tells is CONFUSED else 1)
    assert tally.expired + tally.inserted + tally.updated == (0 if tells is CONFUSED else 2)


def test_oracle_is_such_a_source():
    assert not Oracle.tells_empty_text
