"""MariaDB logins with the rights that docs/databases.md names, and no others, load everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import make_url

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus

RIGHTS = {
    "reader": "SELECT",
    "loader": "SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, CREATE, INDEX",
}


@pytest.fixture
def connections(mariadb):
    with mariadb.fresh_database() as shop, mariadb.fresh_database() as warehouse:
        own = open_database("owner", shop)
        with own.writing() as owner:
            owner.exec_driver_sql("CREATE TABLE customers (id bigint PRIMARY KEY, name text)")
            owner.exec_driver_sql(
                "INSERT INTO customers SELECT seq, concat('n', seq) FROM seq_1_to_40"
            )
            for (user, rights), url in zip(RIGHTS.items(), (shop, warehouse), strict=True):
                name = f"`{make_url(url).database}`.*"
                owner.exec_driver_sql(f"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY 'secret'")
                owner.exec_driver_sql(f"GRANT {rights} ON {name} TO {user}@'127.0.0.1'")
        source, target = (
            open_database(user, make_url(url).set(username=user, password="secret"))
            for user, url in zip(RIGHTS, (shop, warehouse), strict=True)
        )
        yield {"source": source, "target": target}
        for database in (source, target):
            database.close()
        with own.writing() as owner:
            owner.exec_driver_sql("DROP USER reader@'127.0.0.1', loader@'127.0.0.1'")
        own.close()


@pytest.mark.parametrize("partition", ["auto", "hash"])
@pytest.mark.parametrize("scd_type", [1, 2])
def test_the_rights_that_are_named_are_enough(place, connections, scd_type, partition):
    site = replace(place.site, databases=connections.__getitem__)
    asked = Job.read(
        {
            "mapref": "CUSTOMER",
            "source": {"connection": "source", "table": "customers"},
            "target": {
                "connection": "target",
                "table": "dim_customer",
                "scd_type": scd_type,
                "business_key": ["id"],
                "columns": {"id": "id", "name": "name"},
                "on_missing": "expire",
                "create": True,
            },
            "parallel_config": {
                "enable_parallel": True,
                "chunk_size": 10,
                "min_rows_for_parallel": 0,
                "partition": partition,
            },
        }
    )
    for _ in range(2):
        run = run_here(site, submit(site, asked), lambda _: None)
        assert run.status is RunStatus.SUCCESS, run.message
    assert (run.tally.source, run.tally.unchanged) == (40, 40)
