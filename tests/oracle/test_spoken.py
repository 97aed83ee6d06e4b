"""What the tests say to a server that is seldom there, checked without one."""

from __future__ import annotations

import pytest

from tests.oracle import lint
from tests.oracle.server import rights
from tests.oracle.spoken import spoken


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("INSERT INTO t VALUES (1, 'a, (b'), (2, f(3))", ["(1, 'a, (b')", "(2, f(3))"]),
        ("INSERT INTO t VALUES (1, true, 'true')", ["(1, 1, 'true')"]),
    ],
)
def test_each_row_gets_its_own_insert(told, meant):
    assert spoken(told) == [f"INSERT INTO t VALUES {row}" for row in meant]


def test_types_are_spelled_as_oracle_has_them():
    [made] = spoken("CREATE TABLE t (id bigint, name text, ok boolean, at timestamp NULL)")

    assert made == (
        "CREATE TABLE t (id NUMBER(18), name VARCHAR2(4000 CHAR), ok NUMBER(1), "
        "at TIMESTAMP(6) NULL)"
    )
    assert lint.faults(made) == []


def test_a_tests_login_has_the_rights_of_the_page_and_no_others():
    told = rights("MAPPER_1")

    assert "GRANT CREATE SESSION, CREATE TABLE, CREATE SEQUENCE TO MAPPER_1" in told
    assert all(one.startswith("GRANT") and one.endswith(" TO MAPPER_1") for one in told)
