"""The audit finds every way in which a target can break what is promised about versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mapper_tasks.dialects import Database, open_database
from mapper_tasks.etl.verify import Audit, audit
from mapper_tasks.model.errors import MissingColumn, MissingTable
from mapper_tasks.model.job import Job
from tests.oracle.spoken import spoken
from tests.rules.tables import TIME

JAN, FEB, MAR = (f"2024-0{month}-01 00:00:00" for month in (1, 2, 3))
OPEN = "9999-12-31 00:00:00"
#        shop  id  value  curflg  fromdt  todt
RIGHT = [
    ("A", 1, "x", "N", JAN, FEB),
    ("A", 1, "y", "Y", FEB, OPEN),
    ("B", 1, "x", "N", JAN, FEB),  # closed, and not back yet
    ("B", 2, "x", "N", JAN, FEB),
    ("B", 2, "x", "Y", MAR, OPEN),  # a gap
]


@pytest.fixture
def warehouse(database_url: str) -> Iterator[Database]:
    database = open_database("warehouse", database_url)
    yield database
    database.close()


def versions(warehouse: Database, rows: list[tuple[Any, ...]]) -> None:
    made = (
        "CREATE TABLE dim (skey integer, shop text, id integer, value text,"
        f" curflg text, fromdt {TIME[warehouse.kind]}, todt {TIME[warehouse.kind]})"
    )
    with warehouse.writing() as writer:
        writer.exec_driver_sql(*spoken(made) if warehouse.kind == "oracle" else [made])
        for skey, row in enumerate(rows):
            values = ", ".join("NULL" if value is None else f"'{value}'" for value in row)
            writer.exec_driver_sql(f"INSERT INTO dim VALUES ({skey}, {values})")


def job(**target: Any) -> Job:
    spec = {
        "connection": "warehouse",
        "table": "dim",
        "scd_type": 2,
        "business_key": ["shop", "id"],
        "columns": {"shop": "shop", "id": "id", "value": "value"},
    }
    return Job.read(
        {
            "mapref": "DIM",
            "source": {"connection": "crm", "table": "shops"},
            "target": {**spec, **target},
        }
    )


def broken(found: Audit) -> dict[str, int]:
    return {check.name: check.broken for check in found.checks if not check.kept}


def test_a_right_history_keeps_every_promise(warehouse: Database) -> None:
    versions(warehouse, RIGHT)
    found = audit(job(), warehouse)
    assert found.kept
    assert (found.rows, found.current) == (5, 2)


@pytest.mark.parametrize(
    ("row", "breaks"),
    [
        pytest.param((None, 1, "x", "Y", JAN, OPEN), {"key": 1}, id="a NULL in the key"),
        pytest.param(
            ("A", 1, "z", "Y", MAR, OPEN), {"current": 1, "overlap": 1}, id="two current versions"
        ),
        pytest.param(("C", 1, "x", "N", JAN, OPEN), {"curflg": 1}, id="open, but not flagged"),
        pytest.param(("C", 1, "x", "Y", JAN, FEB), {"curflg": 1}, id="flagged, but closed"),
        pytest.param(("C", 1, "x", None, JAN, FEB), {"curflg": 1}, id="no flag"),
        pytest.param(("C", 1, "x", "N", FEB, JAN), {"interval": 1}, id="turned round"),
        pytest.param(("C", 1, "x", "N", JAN, JAN), {"interval": 1}, id="empty"),
        pytest.param(("C", 1, "x", "N", None, JAN), {"interval": 1}, id="without beginning"),
        pytest.param(("B", 1, "x", "N", JAN, MAR), {"overlap": 1}, id="overlapping"),
    ],
)
def test_a_broken_promise_is_found_with_its_key(
    warehouse: Database, row: tuple[Any, ...], breaks: dict[str, int]
) -> None:
    versions(warehouse, [*RIGHT, row])
    found = audit(job(), warehouse)
    assert broken(found) == breaks
    key = {"shop": row[0], "id": str(row[1])}
    assert all(key in check.examples for check in found.checks if not check.kept)


def test_an_open_end_of_null_is_understood(warehouse: Database) -> None:
    versions(warehouse, [(*row[:5], None if row[5] == OPEN else row[5]) for row in RIGHT])
    assert audit(job(open_end=None), warehouse).kept
    assert broken(audit(job(), warehouse)) == {"curflg": 2, "interval": 2}


def test_an_endless_version_before_another_overlaps_it(warehouse: Database) -> None:
    versions(warehouse, [("A", 1, "x", "N", JAN, None), ("A", 1, "y", "Y", FEB, None)])
    assert broken(audit(job(open_end=None), warehouse)) == {"curflg": 1, "overlap": 1}


def test_a_type_1_table_has_one_row_a_key(warehouse: Database) -> None:
    versions(warehouse, RIGHT)
    assert broken(audit(job(scd_type=1), warehouse)) == {"single": 2}


def test_a_missing_table_or_column_is_named(warehouse: Database) -> None:
    with pytest.raises(MissingTable, match="'dim'"):
        audit(job(), warehouse)
    versions(warehouse, [])
    with pytest.raises(MissingColumn, match="gilt_bis"):
        audit(job(version_columns={"todt": "gilt_bis"}), warehouse)
