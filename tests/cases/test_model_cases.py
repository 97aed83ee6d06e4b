"""The plain statement of the rules against the cases: a judge is judged."""

from __future__ import annotations

import pytest

from tests.cases.reading import WHY_NOT, cases
from tests.rules.model import Version, broken, load

ALL = cases()
pytestmark = pytest.mark.skipif(not ALL, reason=WHY_NOT)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.number}_{case.name}")
def test_the_rules_give_what_the_case_expects(case):
    table: list[Version] = case.initial
    for batch in case.batches:
        outcome = load(case.rules, table, case.rows(batch), case.time_of(batch))
        table = outcome.table
        if case.versioned:
            assert broken(table) == []
    assert case.faults(table) == []
