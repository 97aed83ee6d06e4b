"""Values that are lost, bent or refused elsewhere, each between the databases that have them."""

from __future__ import annotations

import tracemalloc
from uuid import UUID

import pytest

from mapper_tasks.etl.roads.by_rows import ByRows
from mapper_tasks.etl.staging import STAGE, Landing
from mapper_tasks.model.errors import ValueRefused
from mapper_tasks.model.slices import Slice
from tests.conformance.ends import job

PG, LITE, MARIA, ORACLE = "postgresql", "sqlite", "mariadb", "oracle"


@pytest.fixture
def only(ends, request):
    """The ends, where they are of the kinds the test is about."""
    wanted = request.param
    if ends.kinds != wanted:
        pytest.skip(f"is about {wanted}")
    return ends


@pytest.mark.parametrize("only", [(PG, PG)], indirect=True)
def test_postgresql_keeps_what_only_it_can_spell(only):
    only.on_source(
        "CREATE TABLE src (id int, f float8, d date, t timestamptz, n numeric, c char(4))",
        "INSERT INTO src VALUES (1, 'NaN', 'infinity', '-infinity', 'NaN', 'a'),"
        " (2, '-0', '0044-03-15 BC', '2020-01-01 00:00:00+02', 'Infinity', E'\\t'),"
        " (3, '1e308', '5874897-12-31', '0001-01-01 00:00Z BC', 1e-30, 'abcd')",
    )
    only.on_target("CREATE TABLE trg (id int, f float8, d date, t timestamp, n numeric, c char(6))")
    _, rows, _ = only.stage(job({name: name for name in ("id", "f", "d", "t", "n", "c")}))
    assert rows[0][1:5] == ("NaN", "infinity", "-infinity", "NaN")
    assert rows[1][1:5] == ("-0", "0044-03-15 BC", "2019-12-31 22:00:00", "Infinity")
    assert rows[2][4] == "0.000000000000000000000000000001"


@pytest.mark.parametrize("only", [(PG, PG)], indirect=True)
def test_a_float_keeps_all_its_digits_as_a_number(only):
    only.on_source("CREATE TABLE src (id int, f float8)", "INSERT INTO src VALUES (1, 2^53)")
    only.on_target("CREATE TABLE trg (id int, big bigint, num numeric)")
    _, rows, _ = only.stage(job({"id": "id", "big": "f", "num": "f"}))
    assert rows[0][1:3] == ("9007199254740992", "9007199254740992")


@pytest.mark.parametrize("only", [(PG, PG)], indirect=True)
def test_a_fraction_is_not_rounded_into_an_integer(only):
    only.on_source(
        "CREATE TABLE src (id int, n numeric)", "INSERT INTO src VALUES (1, 2.0), (2, 2.5)"
    )
    only.on_target("CREATE TABLE trg (id int, n int)")
    staged, rows, _ = only.stage(job({"id": "id", "n": "n"}))
    assert [row[1] for row in rows] == ["2"]
    assert [one.keyvalue for one in staged.rejected] == ['{"id": "2"}']


@pytest.mark.parametrize("only", [(PG, PG)], indirect=True)
def test_types_of_the_target_alone_are_read_by_the_target(only):
    only.on_source(
        "CREATE TABLE src (id int, mood text, many text, mail text)",
        "INSERT INTO src VALUES (1, 'glad', '{1,2}', 'a@b'), (2, 'odd', '{3}', 'a@b'),"
        " (3, 'sad', '{}', 'nobody'), (4, 'sad', null, 'b@c')",
    )
    only.on_target(
        "CREATE TYPE feeling AS ENUM ('glad', 'sad')",
        "CREATE DOMAIN address AS text CHECK (VALUE LIKE '%%@%%')",
        "CREATE TABLE trg (id int, mood feeling, many int[], mail address)",
    )
    staged, rows, _ = only.stage(job({name: name for name in ("id", "mood", "many", "mail")}))
    assert [row[:3] for row in rows] == [("1", "glad", "{1,2}"), ("4", "sad", None)]
    assert [one.keyvalue for one in staged.rejected] == ['{"id": "2"}', '{"id": "3"}']


@pytest.mark.parametrize("only", [(LITE, PG)], indirect=True)
def test_sqlite_values_are_stored_by_type_or_refused(only):
    only.on_source(
        "CREATE TABLE src (id, n, t, w)",
        "INSERT INTO src VALUES (1, 3.0, '2020-01-01T01:00:00+01:00', 'a'), (2, 3.5, NULL, 'b'),"
        " (3, 3, NULL, 'c' || char(0) || 'd'), (4, x'01', NULL, 'e'), (5, '7', 'x', 'f'),"
        " (6, '8', '2020-01-01', 'g')",
    )
    only.on_target("CREATE TABLE trg (id int, n int, t timestamp, w text)")
    staged, rows, keys = only.stage(job({name: name for name in ("id", "n", "t", "w")}))
    assert [row[:4] for row in rows] == [
        ("1", "3", "2020-01-01 00:00:00", "a"),
        ("6", "8", "2020-01-01 00:00:00", "g"),
    ]
    assert {one.errtyp for one in staged.rejected} == {ValueRefused.code}
    said = {one.keyvalue: one.dberrmsg for one in staged.rejected}
    assert sorted(said) == [f'{{"id": "{n}"}}' for n in (2, 3, 4, 5)]
    assert "NUL" in said['{"id": "3"}']
    assert keys == [("2",), ("3",), ("4",), ("5",)]


@pytest.mark.parametrize("only", [(PG, LITE)], indirect=True)
def test_what_sqlite_cannot_hold_is_a_row_error(only):
    only.on_source(
        "CREATE TABLE src (id int, n numeric, d date)",
        "INSERT INTO src VALUES (1, 1.50, '2020-01-01'), (2, 'NaN', null), (3, 1, 'infinity')",
    )
    only.on_target("CREATE TABLE trg (id INTEGER, n NUMERIC, d DATE)")
    staged, rows, _ = only.stage(job({name: name for name in ("id", "n", "d")}))
    assert [row[:3] for row in rows] == [("1", "1.5", "2020-01-01")]
    assert [one.keyvalue for one in staged.rejected] == ['{"id": "2"}', '{"id": "3"}']


@pytest.mark.parametrize("only", [(LITE, LITE)], indirect=True)
def test_a_table_of_the_target_is_never_read_for_one_of_the_source(only):
    """Attached to the target's connection, an unqualified name would mean the target's table."""
    if only.source.engine.url == only.target.engine.url:
        pytest.skip("is about two files")
    only.on_source("CREATE TABLE src (id INTEGER)", "INSERT INTO src VALUES (1)")
    only.on_target(
        "CREATE TABLE src (id INTEGER)", "INSERT INTO src VALUES (2)", "CREATE TABLE trg (id, n)"
    )
    assert [row[0] for row in only.stage(job({"id": "id"}))[1]] == ["1"]
    counted = job({"id": "n"}, query="SELECT count(*) + 40 AS n FROM src")
    only.on_source("INSERT INTO src VALUES (3)")
    assert [row[0] for row in only.stage(counted)[1]] == ["42"]


def test_a_row_may_refer_to_a_row_of_the_same_chunk(ends):
    ends.on_source(
        "CREATE TABLE src (id integer, boss integer)",
        "INSERT INTO src VALUES (1, NULL), (2, 1), (3, 2), (4, 9)",
    )
    ends.on_target("CREATE TABLE trg (id integer PRIMARY KEY, boss integer REFERENCES trg (id))")
    staged, rows, _ = ends.stage(job({"id": "id", "boss": "boss"}))
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert [one.keyvalue for one in staged.rejected] == ['{"id": "4"}']


def test_memory_does_not_grow_with_the_rows(ends):
    """100 000 rows through Python hold less than 8 MB of Python objects at any moment."""
    if ends.kinds in {(LITE, PG), (MARIA, LITE), (PG, MARIA)} or len(set(ends.kinds)) == 1:
        pytest.skip("each is read once and written once elsewhere")
    series = {
        PG: "SELECT n, 'a text of some length ' || n FROM generate_series(1, 100000) n",
        LITE: "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000) "
        "SELECT n, 'a text of some length ' || n FROM s",
        MARIA: "SELECT seq, concat('a text of some length ', seq) FROM seq_1_to_100000",
        ORACLE: "SELECT level, 'a text of some length ' || level FROM dual "
        "CONNECT BY level <= 100000",
    }[ends.source.kind]
    ends.on_source("CREATE TABLE src (id integer, word text)", f"INSERT INTO src {series}")
    ends.on_target("CREATE TABLE trg (id integer, word text)")
    ends.functions = {"m:word": lambda row: row["word"].upper()}
    with ends.staging(job({"id": "id", "word": {"python": "m:word"}})) as staging:
        staging.create_tables()
        tracemalloc.start()
        try:
            filled = ByRows(staging).fill(Landing(STAGE))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert filled.rows == 100_000
    assert peak < 8_000_000


def test_two_names_of_one_login_take_the_road_without_a_client(ends):
    ends.on_source("CREATE TABLE src (id integer)")
    ends.on_target("CREATE TABLE trg (id integer)")
    stages = ends.stages_by_road(job({"id": "id"}))
    same = ends.source.engine.url == ends.target.engine.url
    assert ("SameDatabase" in stages) == same
    if not same:
        one_kind = len(set(ends.kinds)) == 1
        assert ("ByPipe" in stages) == (one_kind and ends.target.kind != MARIA)


UUIDS = ["00000000-0000-0000-0000-000000000001", "ffffffff-1234-5678-9234-567812345678"]


@pytest.mark.parametrize("only", [(PG, MARIA), (MARIA, MARIA), (MARIA, PG)], indirect=True)
@pytest.mark.parametrize("road", [{}, {"transform": "m:same"}], ids=["quickest", "Python"])
def test_a_uuid_is_the_same_key_on_both_sides(only, road):
    values = ", ".join(f"('{one}')" for one in UUIDS)
    only.on_source("CREATE TABLE src (id uuid)", f"INSERT INTO src VALUES {values}")
    only.on_target("CREATE TABLE trg (id uuid PRIMARY KEY)")
    only.functions = {"m:same": lambda row: row}
    part = Slice(low=(UUID(UUIDS[0]),), high=(UUID(UUIDS[1]),))
    assert [row[0] for row in only.stage(job({"id": "id"}, **road))[1]] == UUIDS
    assert [row[0] for row in only.stage(job({"id": "id"}, **road), part)[1]] == UUIDS[:1]
