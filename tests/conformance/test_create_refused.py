"""A target table that cannot be made whole is not made at all."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import passing
from mapper_tasks.mapping.create import create_target
from mapper_tasks.model.job import Job
from tests.conformance.ends import job


@pytest.mark.parametrize("ends", ["maria>maria", "pg>maria"], indirect=True)
def test_a_table_whose_index_is_refused_is_not_there_afterwards(ends):
    """On MariaDB, which commits what it makes: 4,000 bytes are too long a key for an index."""
    ends.on_source("CREATE TABLE src (code varchar(1000), name varchar(9))")
    read = Job.read(job({"code": "code", "name": "name"}, create=True, scd_type=2))

    for _ in range(2):
        with pytest.raises(DBAPIError) as refusal:
            create_target(read, ends.source, ends.target)
        assert "key was too long" in ends.target.message(refusal.value)
        assert passing(refusal.value) is None
        with ends.target.reading() as reader:
            assert ends.target.table(reader, "trg") is None
