"""MariaDB logins with the rights that docs/databases.md grants, and no others, load everything."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus

PAGE = Path(__file__).parents[2] / "docs" / "databases.md"
GRANTS = re.search(
    r"<!-- mariadb rights -->\n```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
)[1]
LOGINS = ("reader", "loader")


def granted(names):
    """The page's statements, about the databases of the test."""
    text = re.sub(r" ON (\w+)\.\*", lambda found: f" ON `{names[found[1]]}`.*", GRANTS)
    return [one for one in text.split(";\n") if one.strip()]


@pytest.fixture
def connections(mariadb):
    with mariadb.fresh_database() as shop, mariadb.fresh_database() as warehouse:
        own = open_database("owner", shop)
        with own.writing() as owner:
            owner.exec_driver_sql("CREATE TABLE customers (id bigint PRIMARY KEY, name text)")
            owner.exec_driver_sql(
                "INSERT INTO customers SELECT seq, concat('n', seq) FROM seq_1_to_40"
            )
            for user in LOGINS:
                owner.exec_driver_sql(f"CREATE USER {user} IDENTIFIED BY 'secret'")
            names = {"shop": make_url(shop).database, "warehouse": make_url(warehouse).database}
            for grant in granted(names):
                owner.exec_driver_sql(grant)
        source, target = (
            open_database(user, make_url(url).set(username=user, password="secret"))
            for user, url in zip(LOGINS, (shop, warehouse), strict=True)
        )
        yield {"source": source, "target": target}
        for database in (source, target):
            database.close()
        with own.writing() as owner:
            owner.exec_driver_sql("DROP USER reader, loader")
        own.close()


CHUNKS = {"enable_parallel": True, "chunk_size": 10, "min_rows_for_parallel": 0}


@pytest.mark.parametrize(
    ("consistency", "parallel"),
    [
        ("chunk", {**CHUNKS, "partition": "auto"}),
        ("chunk", {**CHUNKS, "partition": "hash"}),
        ("run", {"enable_parallel": False}),
    ],
    ids=["ranges", "hash", "one moment"],
)
@pytest.mark.parametrize("scd_type", [1, 2])
def test_the_rights_that_are_granted_are_enough(
    place, connections, scd_type, consistency, parallel
):
    site = replace(place.site, databases=connections.__getitem__)
    asked = Job.read(
        {
            "mapref": "CUSTOMER",
            "source": {
                "connection": "source",
                "table": "customers",
                "consistency": consistency,
            },
            "target": {
                "connection": "target",
                "table": "dim_customer",
                "scd_type": scd_type,
                "business_key": ["id"],
                "columns": {"id": "id", "name": "name"},
                "on_missing": "expire",
                "create": True,
            },
            "parallel_config": parallel,
        }
    )
    for _ in range(2):
        run = run_here(site, submit(site, asked), lambda _: None)
        assert run.status is RunStatus.SUCCESS, run.message
    assert (run.tally.source, run.tally.unchanged) == (40, 40)
