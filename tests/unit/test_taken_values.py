"""A column taken at once is what its values are when each is taken by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mapper_tasks.dialects import open_database
from mapper_tasks.dialects.mariadb import loading
from mapper_tasks.model.shape import ColumnShape, Kind

URLS = [  # none of them is connected to
    "postgresql+psycopg://nobody@localhost/none",
    "mariadb+pymysql://nobody@localhost/none",
    "sqlite://",
    "oracle+oracledb://nobody@localhost/?service_name=none",
]
TEXT = st.text(st.characters(exclude_categories=[]), max_size=12)  # surrogates and NUL, too
VALUES = {
    "text": TEXT,
    "times as text": st.sampled_from(
        ["2020-01-01", "2020-01-01 01:00:00+02:00", "2020-01-01T00:00Z", "soon", ""]
    ),
    "numbers as text": st.sampled_from(["1", " 2 ", "1.5", "-3", "x", "true"]),
    "whole": st.integers(-(2**70), 2**70),
    "float": st.floats(),
    "decimal": st.decimals(),
    "bool": st.booleans(),
    "bytes": st.binary(max_size=5),
    "others": st.sampled_from(
        [datetime(2020, 1, 1), date(2020, 1, 1), timedelta(hours=1), UUID(int=1), {"a": 1}]  # noqa: DTZ001
    ),
}
COLUMNS = st.one_of(
    *[st.lists(st.none() | one, min_size=1, max_size=6) for one in VALUES.values()],
    st.lists(st.none() | st.one_of(*VALUES.values()), min_size=1, max_size=6),
)


def shown(value):
    """A flag may stay one or be 1 or 0."""
    plain = int(value) if isinstance(value, bool) else value
    return type(plain), str(plain)


def outcome(work):
    try:
        return [shown(value) for value in work()]
    except ValueError:
        return "refused"


@pytest.mark.parametrize("url", URLS)
@given(column=COLUMNS, kind=st.sampled_from(Kind))
@example(column=["a\0b", None], kind=Kind.TEXT)
@example(column=["é", "\ud800"], kind=Kind.TEXT)
@example(column=[float("nan"), 1.0], kind=Kind.FLOAT)
@example(column=[Decimal("1.5"), Decimal("Infinity")], kind=Kind.NUMERIC)
@example(column=[Decimal("sNaN")], kind=Kind.INTEGER)
@example(column=[Decimal("sNaN")], kind=Kind.NUMERIC)
@example(column=[2**63, 1], kind=Kind.INTEGER)
@example(column=["2020-01-01 01:00:00+02:00"], kind=Kind.TIMESTAMP)
def test_a_column_is_taken_as_its_values_are(url, column, kind):
    database, stored = open_database("x", url), ColumnShape("c", kind, "its type")

    at_once = outcome(lambda: database.taken_all(column, stored))

    assert at_once == outcome(lambda: [database.taken(value, stored) for value in column])


@given(rows=st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[COLUMNS] * width))))
@example(rows=[(["a\tb", None, "\\N", "c\nd\0"],)])
def test_the_fields_of_a_file_are_those_of_its_values(rows):
    for row in rows:
        for column in row:
            alone = [loading._fields([value])[0] for value in column]
            assert list(loading._fields(column)) == alone
            assert not any(mark in field for field in alone for mark in "\t\n\0")
