"""A bad row costs a row: it is named with its key, and its neighbours are staged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import literal_column, select

from mapper_tasks.etl import roads
from mapper_tasks.etl.halving import attempt
from mapper_tasks.etl.staging import STAGE, Landing
from mapper_tasks.model.errors import (
    FunctionRaised,
    KeyLeftSlice,
    NullEffectiveFrom,
    NullKey,
    SourceRefused,
    TooManyRowErrors,
    ValueRefused,
)
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import Slice
from tests.conformance.ends import EVERYTHING, job, rows_of

COLUMNS = ["id", "num", "word", "day", "at", "ok"]
JOB = {name: name for name in COLUMNS}


# What the source cannot compute of `{`.
RAISING = {
    "postgresql": "CAST(num AS int)",
    "sqlite": "json(num)",
    "mariadb": "IF(num = '{', CAST(exp(710) AS CHAR), num)",
    "oracle": "TO_CHAR(TO_NUMBER(num))",
}


@pytest.fixture
def shop(ends):
    """A source of loose text and a strict target. Rows 1, 2 and 3 are good."""
    ends.on_source(
        "CREATE TABLE src (id integer, num text, word text, day text, at timestamp, ok text)",
        *[
            f"INSERT INTO src VALUES ({n}, '{n}0', 'w{n}', '2020-01-0{n}', "
            f"'2020-01-01 00:00:0{n}', 'y')"
            for n in (1, 2, 3)
        ],
    )
    ends.on_target(
        "CREATE TABLE ref (code varchar(5) PRIMARY KEY)",
        "INSERT INTO ref VALUES ('y'), ('z')",
        """CREATE TABLE trg (id integer, num integer, word varchar(5) NOT NULL, day date,
           at timestamp, ok varchar(5) REFERENCES ref (code),
           CONSTRAINT small CHECK (num < 1000))""",
    )
    return ends


def change(ends, **values):
    """Spoil row 2."""
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())
    ends.on_source(f"UPDATE src SET {sets} WHERE id = 2")


BAD = {
    "text for a number": {"num": "'ten'"},
    "too large a number": {"num": "'99999999999999999999'"},
    "a text too long": {"word": "'lengthy'"},
    "no date": {"day": "'2020-02-31'"},
    "NULL where NOT NULL": {"word": "NULL"},
    "a CHECK not met": {"num": "'1000'"},
    "a reference to nothing": {"ok": "'q'"},
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_value_is_one_row_error_and_its_neighbours_are_staged(shop, what):
    change(shop, **BAD[what])
    staged, rows, keys = shop.stage(job(JOB))
    assert [(one.errtyp, json.loads(one.keyvalue)) for one in staged.rejected] == [
        (ValueRefused.code, {"id": "2"})
    ]
    [column] = BAD[what]
    assert staged.rejected[0].errmsg.startswith(f"{column}: ")
    assert staged.rejected[0].dberrmsg
    assert staged.source_rows == 3
    assert [row[0] for row in rows] == ["1", "3"]
    assert keys == [("2",)]


@pytest.mark.parametrize("what", BAD)
def test_rows_through_python_are_judged_alike(shop, what):
    change(shop, **BAD[what])
    shop.functions = {"m:same": lambda row: row["at"]}
    staged, rows, keys = shop.stage(job({**JOB, "at": {"python": "m:same"}}))
    [column] = BAD[what]
    assert [(one.errtyp, one.errmsg.partition(":")[0]) for one in staged.rejected] == [
        (ValueRefused.code, column)
    ]
    assert [row[0] for row in rows] == ["1", "3"]
    assert keys == [("2",)]


def test_a_delete_needs_no_more_than_its_key(shop):
    change(shop, word="NULL", ok="'q'", num="'5000'")
    staged, rows, _ = shop.stage(job(JOB, delete_when="word IS NULL"))
    assert staged.rejected == []
    assert sorted((row[0], row[-1]) for row in rows) == [("1", False), ("2", True), ("3", False)]


def test_a_null_in_the_key_is_a_row_error(shop):
    shop.on_source("UPDATE src SET id = NULL WHERE id = 2")
    staged, rows, keys = shop.stage(job(JOB))
    assert [(one.errtyp, json.loads(one.keyvalue)) for one in staged.rejected] == [
        (NullKey.code, {"id": None})
    ]
    assert [row[0] for row in rows] == ["1", "3"]
    assert keys == []


def test_a_null_time_is_a_row_error(shop):
    change(shop, at="NULL")
    staged, rows, keys = shop.stage(job(JOB, effective_from="at"))
    assert [one.errtyp for one in staged.rejected] == [NullEffectiveFrom.code]
    assert [row[-2] for row in rows] == ["2020-01-01 00:00:01", "2020-01-01 00:00:03"]
    assert keys == [("2",)]


def test_a_time_that_is_none_is_a_row_error(shop):
    change(shop, day="'soon'")
    columns = {name: name for name in COLUMNS if name != "day"}
    staged, rows, _ = shop.stage(job(columns, effective_from="day"))
    assert [(one.errtyp, one.errmsg.partition(":")[0]) for one in staged.rejected] == [
        (ValueRefused.code, "effective_from")
    ]
    assert [row[-2] for row in rows] == ["2020-01-01 00:00:00", "2020-01-03 00:00:00"]


def test_a_function_that_raises_costs_its_row(shop):
    def score(row):
        return 100 // (row["id"] - 2)

    shop.functions = {"m:score": score}
    staged, rows, keys = shop.stage(job({**JOB, "num": {"python": "m:score"}}))
    assert [(one.errtyp, json.loads(one.keyvalue)) for one in staged.rejected] == [
        (FunctionRaised.code, {"id": "2"})
    ]
    assert "ZeroDivisionError" in staged.rejected[0].errmsg
    assert [row[1] for row in rows] == ["-100", "100"]
    assert keys == [("2",)]


def test_a_fault_of_the_source_costs_its_row(shop):
    change(shop, num="'{'")
    raising = RAISING[shop.source.kind]
    staged, rows, keys = shop.stage(job({**JOB, "num": {"sql": raising}}))
    assert [(one.errtyp, json.loads(one.keyvalue)) for one in staged.rejected] == [
        (ValueRefused.code, {"id": "2"})
    ]
    assert staged.rejected[0].errmsg.startswith("num: ")
    assert staged.rejected[0].dberrmsg
    assert staged.source_rows == 3
    assert [row[0] for row in rows] == ["1", "3"]
    assert keys == [("2",)]


def test_a_fault_in_the_query_itself_costs_its_row(shop):
    change(shop, num="'{'")
    raising = RAISING[shop.source.kind]
    query = f"SELECT id, {raising} AS num, word, day, at, ok FROM src"
    staged, rows, _ = shop.stage(job(JOB, query=query))
    assert [json.loads(one.keyvalue) for one in staged.rejected] == [{"id": "2"}]
    assert [row[0] for row in rows] == ["1", "3"]


def test_rows_of_one_key_that_the_source_cannot_tell_apart_fail_together(shop):
    shop.on_source("INSERT INTO src VALUES (2, '{', 'w', '2020-01-01', NULL, 'y')")
    raising = RAISING[shop.source.kind]
    staged, rows, _ = shop.stage(job({**JOB, "num": {"sql": raising}}))
    assert [json.loads(one.keyvalue) for one in staged.rejected] == [{"id": "2"}] * 2
    assert staged.source_rows == 4
    assert [row[0] for row in rows] == ["1", "3"]


def test_work_that_is_given_up_leaves_both_connections_fit(shop):
    class GivenUp(Exception):
        pass

    def stop():
        raise GivenUp

    shop.on_source(
        "INSERT INTO src SELECT a.id * 1000 + b.id, a.num, 'w', '2020-01-01', NULL, 'y'"
        " FROM src a, src b, src c, src d, src e, src f, src g, src h, src i"
    )
    with shop.staging(job(JOB)) as staging:
        one = replace(staging, check=stop)
        one.create_tables()
        road = roads.choose(one)
        if type(road).__name__ == "SameDatabase" or one.source.kind == one.target.kind == "sqlite":
            pytest.skip("is one statement, which cannot be given up here")
        with pytest.raises(GivenUp):
            attempt(one, road, Landing(STAGE))
        for connection in (one.reader, one.writer):
            assert connection.execute(select(literal_column("1"))).scalar_one() == 1
        assert rows_of(one) == []


def test_every_kind_of_fault_at_once(shop):
    shop.on_source(
        "INSERT INTO src VALUES (4, 'x', 'w', '2020-01-01', NULL, 'y'),"
        " (5, '5', NULL, '2020-01-01', NULL, 'y'), (6, '6', 'w', '2020-01-01', NULL, 'q'),"
        " (7, '7', 'lengthy', '2020-01-01', NULL, 'y'), (NULL, '8', 'w', '2020-01-01', NULL, 'y'),"
        " (9, '9', 'w', 'never', NULL, 'y'), (10, '10', 'w', '2020-01-01', NULL, 'z')"
    )
    staged, rows, keys = shop.stage(job(JOB))
    assert staged.source_rows == 10
    bad = [json.loads(one.keyvalue)["id"] for one in staged.rejected]
    assert sorted(bad, key=str) == ["4", "5", "6", "7", "9", None]
    assert [row[0] for row in rows] == ["1", "2", "3", "10"]
    assert keys == [("4",), ("5",), ("6",), ("7",), ("9",)]


def test_a_source_that_is_all_bad_ends_at_the_limit(shop):
    shop.on_source("UPDATE src SET num = '{'")
    raising = RAISING[shop.source.kind]
    with pytest.raises(TooManyRowErrors):
        shop.stage({**job({**JOB, "num": {"sql": raising}}), "max_error_rows": 1})


def test_a_wrong_condition_is_no_fault_of_a_row(shop):
    with pytest.raises(SourceRefused, match="no_such_column"):
        shop.stage(job(JOB, delete_when="no_such_column = 1"))


def test_a_key_that_python_moves_to_another_slice_is_refused(shop):
    shop.functions = {"m:move": lambda row: {**row, "id": row["id"] + 10}}
    with pytest.raises(KeyLeftSlice):
        shop.stage({**job(JOB), "transform": "m:move"}, Slice(high=(3,), with_nulls=True))


def test_a_slice_takes_its_keys_and_no_others(shop):
    staged, rows, _ = shop.stage(job(JOB), Slice(low=(2,), high=(3,)))
    assert staged.source_rows == 1
    assert [row[0] for row in rows] == ["2"]


def test_positions_are_counted_in_the_order_of_the_checkpoint(shop):
    window = Window(columns=("at",), skip=1, take=1)
    staged, rows, _ = shop.stage(job(JOB), EVERYTHING, window)
    assert staged.source_rows == 1
    assert [row[0] for row in rows] == ["2"]


def test_bad_rows_behind_a_window_are_not_seen(shop):
    change(shop, num="'ten'")
    window = Window(columns=("id",), after=(2,))
    staged, rows, _ = shop.stage(job(JOB), EVERYTHING, window)
    assert staged.rejected == []
    assert [row[0] for row in rows] == ["3"]


def test_an_empty_window_reads_nothing(shop):
    staged, rows, keys = shop.stage(job(JOB), EVERYTHING, Window(empty=True))
    assert (staged.source_rows, rows, keys) == (0, [], [])
