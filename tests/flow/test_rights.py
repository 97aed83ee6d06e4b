"""A login with the rights that docs/databases.md grants, and no others, loads everything."""

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
    r"<!-- postgresql rights -->\n```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
)[1]
SALES = """
CREATE SCHEMA sales;
CREATE TABLE sales.customers (id bigint PRIMARY KEY, name text, seen timestamptz DEFAULT now());
INSERT INTO sales.customers SELECT n, 'n' || n FROM generate_series(1, 40) n
"""
DW = """
CREATE SCHEMA dw;
CREATE TABLE dw.customer (customer_id bigint PRIMARY KEY, name text);
CREATE TABLE dw.dim_customer (
    skey bigserial PRIMARY KEY, customer_id bigint, name text,
    fromdt timestamp, todt timestamp, curflg char(1)
);
CREATE UNIQUE INDEX dim_customer_current ON dw.dim_customer (customer_id) WHERE curflg = 'Y'
"""
ROLES = "CREATE ROLE reader LOGIN PASSWORD 'r'; CREATE ROLE loader LOGIN PASSWORD 'l'"


def administer(url, *statements):
    database = open_database("owner", url)
    with database.writing() as owner:
        for statement in statements:
            owner.exec_driver_sql(statement)
    database.close()


@pytest.fixture
def connections(postgres):
    """Two databases, of which each login may do what the page grants it."""
    with postgres.fresh_database() as shop, postgres.fresh_database() as warehouse:
        names = {"shop": make_url(shop).database, "warehouse": make_url(warehouse).database}
        for name in names.values():
            administer(shop, f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        administer(shop, SALES, ROLES)
        administer(warehouse, DW)
        source, target = granted(names).split("-- a target", maxsplit=1)
        administer(shop, source)
        administer(warehouse, f"-- a target{target}")
        databases = {
            "source": open_database("source", login(shop, "reader", "r")),
            "target": open_database("target", login(warehouse, "loader", "l")),
        }
        yield databases
        for database in databases.values():
            database.close()
        administer(shop, "DROP OWNED BY reader, loader")
        administer(warehouse, "DROP OWNED BY reader, loader", "DROP ROLE reader, loader")


def granted(names):
    return re.sub(r"DATABASE (\w+)", lambda found: f'DATABASE "{names[found[1]]}"', GRANTS)


def login(url, user, password):
    return make_url(url).set(username=user, password=password)


def job(table, scd_type, **parallel):
    return Job.read(
        {
            "mapref": table,
            "source": {
                "connection": "source",
                "table": "sales.customers",
                "consistency": parallel.pop("consistency", "chunk"),
            },
            "target": {
                "connection": "target",
                "table": f"dw.{table}",
                "scd_type": scd_type,
                "business_key": ["customer_id"],
                "columns": {"customer_id": "id", "name": "name"},
                "on_missing": "expire",
            },
            "parallel_config": {
                "enable_parallel": True,
                "chunk_size": 10,
                "min_rows_for_parallel": 0,
                **parallel,
            },
        }
    )


@pytest.mark.parametrize(
    "asked",
    [
        job("customer", 1),
        job("dim_customer", 2),
        job("dim_customer", 2, consistency="run"),
        job("dim_customer", 2, partition="spool"),
        job("dim_customer", 2, partition="hash"),
    ],
    ids=["type 1", "type 2", "one moment", "spool", "hash"],
)
def test_the_rights_that_are_granted_are_enough(place, connections, asked):
    site = replace(place.site, databases=connections.__getitem__)
    for _ in range(2):
        run = run_here(site, submit(site, asked), lambda _: None)
        assert run.status is RunStatus.SUCCESS, run.message
    assert (run.tally.source, run.tally.unchanged) == (40, 40)
