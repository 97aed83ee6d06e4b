"""What the driver is asked for, by the installed one's own signatures, without a server."""

from __future__ import annotations

from contextlib import closing, contextmanager
from unittest.mock import call

import oracledb
import pytest
from sqlalchemy import column

from mapper_tasks.dialects.oracle import arrays, arrow, connecting, shapes
from mapper_tasks.dialects.oracle.others import driver_of
from mapper_tasks.mapping.create import create_target
from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.errors import UnstorableType
from mapper_tasks.model.shape import ColumnShape, Kind
from tests.oracle.recording import Described, Scene, database, describe, on_stage
from tests.oracle.scenes import SOURCE, answers, job

NOT_CARRIED = ["INTERVAL_DS", "INTERVAL_YM", "JSON", "BOOLEAN", "VECTOR", "XMLTYPE", "LONG"]


@contextmanager
def opened():
    """A writing connection, and the driver's under it."""
    with on_stage(Scene()), closing(database()) as one, one.writing() as writer:
        yield one, writer, driver_of(writer)


def test_no_session_is_made_before_its_first_use():
    with on_stage(Scene()) as connect, closing(database()) as one:
        connect.assert_not_called()
        with one.reading():
            connect.assert_called_once()


def test_a_session_is_named_after_its_run_and_chunk():
    with opened() as (one, writer, driver):
        one.tag(writer, "mapper run 7", "chunk 3" + "!" * 99)

        assert (driver.module, driver.client_identifier) == ("mapper", "mapper run 7")
        assert driver.action == ("chunk 3" + "!" * 99)[:64]


def test_a_statement_is_cancelled_by_the_drivers_break():
    with opened() as (one, writer, driver):
        driver.cancel.side_effect = oracledb.InterfaceError("DPY-1001: not connected")
        one.cancel(writer)

        assert driver.cancel.mock_calls == [call()]


def test_haste_is_of_its_own_transaction_only():
    with on_stage(Scene()), closing(database()) as one:
        with one.hasty() as writer:
            driver = driver_of(writer)
            assert driver.call_timeout == 1000
        assert driver.call_timeout == 0


def test_arrays_are_bound_by_the_columns_types_with_lobs_last():
    types = [
        ("id", "NUMBER(10)"),
        ("note", "CLOB"),
        ("at", "TIMESTAMP(6) WITH TIME ZONE"),
        ("photo", "BLOB"),
        ("name", "VARCHAR2(200 CHAR)"),
        ("born", "DATE"),
    ]
    with opened() as (one, writer, driver):
        one.create_temporary(writer, "mp_some", types)
        cursor = driver.cursor()
        driver.cursor.side_effect = lambda *_, **__: cursor
        with arrays.writing_to(writer, "mp_some", [name for name, _ in types]) as write:
            write([[1, "n", None, b"p", "Ann", None]])

        assert cursor.setinputsizes.mock_calls == [
            call(
                oracledb.DB_TYPE_NUMBER,
                oracledb.DB_TYPE_TIMESTAMP,
                None,
                oracledb.DB_TYPE_DATE,
                None,
                None,
            )
        ]
        [statement, rows] = cursor.executemany.mock_calls[-1].args
        assert statement == (
            "INSERT INTO ora$ptt_mp_some (id, at, name, born, note, photo) "
            "VALUES (:1, FROM_TZ(:2, '+00:00'), :3, :4, :5, :6)"
        )
        assert rows == [(1, None, "Ann", None, "n", b"p")]


@pytest.mark.parametrize(
    ("given", "stored", "sent"),
    [
        (Kind.INTEGER, Kind.INTEGER, "n"),
        (Kind.NUMERIC, Kind.INTEGER, "to_char(n, 'TM9')"),
        (Kind.NUMERIC, Kind.NUMERIC, "to_char(n, 'TM9')"),
    ],
)
def test_arrow_makes_no_double_of_a_number_that_has_more_digits(given, stored, sent):
    wired = arrow.wired(
        column("n"), ColumnShape("n", given, "NUMBER"), ColumnShape("n", stored, "NUMBER")
    )
    assert str(wired) == sent


def test_numbers_are_read_as_they_are():
    handle = connecting.exact(lambda *_: "otherwise")
    with opened() as (_, _, driver):
        cursor = driver.cursor()
        handle(cursor, describe("N", oracledb.DB_TYPE_NUMBER, precision=12, scale=2))
        assert cursor.var.call_args.args == (str, 255, cursor.arraysize)
        assert handle(cursor, describe("N", oracledb.DB_TYPE_NUMBER, precision=9)) is None
        assert handle(cursor, describe("T", oracledb.DB_TYPE_CLOB)) == "otherwise"


@pytest.mark.parametrize("name", NOT_CARRIED)
@pytest.mark.parametrize("made", [False, True], ids=["into a table", "create: true"])
def test_a_type_that_is_not_carried_is_refused_before_the_load(name, made):
    strange = describe("NAME", getattr(oracledb, f"DB_TYPE_{name}"))
    source = Described([strange if one.name == "NAME" else one for one in SOURCE])
    one = job(create=made, columns={"shop": "shop", "id": "id", "name": "name"})
    given = [
        (r"^SELECT \* *\nFROM \(SELECT \* FROM crm|0 = 1", Described(_of(source, "SHOP ID NAME"))),
    ]
    scene = Scene(answers(*given, there=not made))
    with (
        on_stage(scene),
        closing(database("crm")) as crm,
        closing(database()) as target,
        pytest.raises(UnstorableType, match=name.replace("_", " ")),
    ):
        (create_target if made else check)(one, crm, target)
    assert not any("CREATE TABLE" in said for said in scene.said)


def _of(described, names):
    return [one for one in described if one.name in names.split()]


def test_a_row_id_is_carried():
    with opened() as (one, _, _):
        assert one.carries(shapes.shape_of("r", "ROWID"))
