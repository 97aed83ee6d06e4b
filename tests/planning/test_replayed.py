"""Keys of row errors are found again: as they were written, on every database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, cast

from mapper_tasks.etl.staging import key_text
from mapper_tasks.mapping import Mapping
from mapper_tasks.planning import ParallelDefaults, make_plan_of_keys
from tests.planning.planned import NOW
from tests.planning.test_slices import DRAWN

# SQLite shows a float with 15 digits only: such a key finds no row.
KINDS = [kind for kind in DRAWN if kind != "float"]
KEYS = [[kind] for kind in KINDS] + [["integer", "text"], ["german", "date", "integer"]]


@pytest.mark.parametrize("kinds", KEYS, ids="-".join)
@pytest.mark.parametrize("pair", ["pg=pg", "lite>pg", "pg>lite", "maria>pg", "pg>maria"])
def test_the_text_of_a_key_leads_back_to_its_rows(planned, pair, kinds):
    between = planned(pair, kinds)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(rows=st.lists(st.tuples(*[DRAWN[kind] for kind in kinds]), min_size=1, max_size=20))
    def lead_back(rows):
        between.fill(rows)
        wanted = set(rows[: len(rows) // 2 + 1])
        plan = make_plan_of_keys(
            between.job(),
            between.source,
            between.target,
            ParallelDefaults(),
            None,
            NOW,
            texts_of(between, {rows.index(row) for row in wanted}),
        )
        [(source, target)] = between.rows_of(plan)
        assert {rows[rid] for rid in source} == wanted
        assert {rows[rid] for rid in target} == wanted

    lead_back()


def texts_of(between, rids):
    """The keys as the target's row errors write them."""
    with between.target.reading() as reader, between.source.reading() as other:
        job = between.job()
        mapping = Mapping.between(job, between.source, other, between.target, reader)
        with between.source.reading() as own:
            keys = [cast(mapping.source.column(name), Text) for name in between.keys]
            rows = own.execute(mapping.source.select(mapping.source.column("rid"), *keys))
            return sorted(
                {
                    key_text(dict(zip(between.keys, row[1:], strict=True)))
                    for row in rows
                    if row[0] in rids
                }
            )
