"""What a way of cutting needs of a database is asked before anything is written."""

from __future__ import annotations

import pytest

from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.errors import UncuttableKey
from mapper_tasks.model.job import Job
from mapper_tasks.planning import refuse_partition
from tests.conformance.ends import job


def test_a_spool_is_refused_where_half_of_one_could_be_taken_for_a_whole(ends):
    ends.on_source("CREATE TABLE src (id integer)")
    ends.on_target("CREATE TABLE trg (id integer)")
    wanted = Job.read({**job({"id": "id"}), "parallel_config": {"partition": "spool"}})

    if ends.target.makes_tables_in_transactions:
        check(wanted, ends.source, ends.target, further=refuse_partition)
        return
    with pytest.raises(UncuttableKey, match=f"{ends.target.kind}, the target's database"):
        check(wanted, ends.source, ends.target, further=refuse_partition)
