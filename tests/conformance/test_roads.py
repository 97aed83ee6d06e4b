"""Whatever road rows take, the stage is the same: what the target would store."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from mapper_tasks.dialects import open_database
from mapper_tasks.model.errors import SourceRefused
from tests.conformance.ends import job

SOURCE = {
    "postgresql": [
        """CREATE TABLE src (id int, small smallint, big bigint, price numeric(12,4), free numeric,
           ratio double precision, label text, code char(5), flag boolean, day date,
           at timestamp, zoned timestamptz, uid uuid, raw bytea, doc jsonb)""",
        r"""INSERT INTO src VALUES
           (1, 7, 9007199254740993, 1.5, 10.50, 0.1, 'Zoë ☃', 'ab', true, '2020-02-29',
            '2020-01-01 12:00:00.5', '2020-01-01 13:00:00+01',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
            '\x00ff', '{"a": 1}'),
           (2, -1, -1, -0.0001, 0, -0.0, '', '', false, '0001-01-01', '9999-12-31 23:59:59',
            '1970-01-01 00:00:00Z', null, '\x', '[]'),
           (3, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null)""",
    ],
    "sqlite": [
        """CREATE TABLE src (id INTEGER, small SMALLINT, big BIGINT, price NUMERIC(12,4),
           free NUMERIC, ratio REAL, label TEXT, code CHAR(5), flag BOOLEAN, day DATE,
           at TIMESTAMP, zoned TIMESTAMP, uid TEXT, raw BLOB, doc TEXT)""",
        """INSERT INTO src VALUES
           (1, 7, 9007199254740993, 1.5, 10.5, 0.1, 'Zoë ☃', 'ab', 1, '2020-02-29',
            '2020-01-01 12:00:00.500000', '2020-01-01 12:00:00',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', x'00ff', '{"a": 1}'),
           (2, -1, -1, -0.0001, 0, -0.0, '', '', 0, '0001-01-01', '9999-12-31 23:59:59',
            '1970-01-01 00:00:00', null, x'', '[]'),
           (3, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null)""",
    ],
    "mariadb": [
        """CREATE TABLE src (id int, small smallint, big bigint, price decimal(12,4),
           free decimal(20,2), ratio double, label text, code char(5), flag boolean, day date,
           at datetime(3), zoned timestamp, uid uuid, raw varbinary(9), doc json)""",
        """INSERT INTO src VALUES
           (1, 7, 9007199254740993, 1.5, 10.5, 0.1, 'Zoë ☃', 'ab', true, '2020-02-29',
            '2020-01-01 12:00:00.5', '2020-01-01 12:00:00',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', x'00ff', '{"a": 1}'),
           (2, -1, -1, -0.0001, 0, -0.0, '', '', false, '0001-01-01', '9999-12-31 23:59:59',
            '1970-01-01 00:00:01', null, x'', '[]'),
           (3, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null)""",
    ],
    "oracle": [
        """CREATE TABLE src (id NUMBER(10), small NUMBER(5), big NUMBER(18), price NUMBER(12,4),
           free NUMBER, ratio BINARY_DOUBLE, label VARCHAR2(99 CHAR), code CHAR(5 CHAR),
           flag NUMBER(1), day DATE, at TIMESTAMP(3), zoned TIMESTAMP(6), "uid" VARCHAR2(36 CHAR),
           "raw" RAW(9), doc CLOB)""",
        """INSERT INTO src VALUES
           (1, 7, 9007199254740993, 1.5, 10.5, 0.1, 'Zoë ☃', 'ab', 1, '2020-02-29',
            '2020-01-01 12:00:00.5', '2020-01-01 12:00:00',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', HEXTORAW('00ff'), '{"a": 1}'),
           (2, -1, -1, -0.0001, 0, -0.0, '', '', 0, '0001-01-01', '9999-12-31 23:59:59',
            '1970-01-01 00:00:00', null, '', '[]'),
           (3, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null)""",
    ],
}
TARGET = {
    "postgresql": """CREATE TABLE trg (id bigint, small int, big bigint, price numeric(10,2),
        free numeric, ratio double precision, label varchar(20), code char(5), flag boolean,
        day date, at timestamp, zoned timestamp, uid uuid, raw bytea, doc jsonb)""",
    "sqlite": """CREATE TABLE trg (id INTEGER, small INTEGER, big BIGINT, price NUMERIC(10,2),
        free NUMERIC, ratio REAL, label VARCHAR(20), code CHAR(5), flag BOOLEAN, day DATE,
        at TIMESTAMP, zoned TIMESTAMP, uid UUID, raw BLOB, doc JSON)""",
    "mariadb": """CREATE TABLE trg (id bigint, small int, big bigint, price decimal(10,2),
        free decimal(30,2), ratio double, label varchar(20), code char(5), flag boolean,
        day date, at datetime(6), zoned datetime, uid char(36), raw varbinary(20), doc json)""",
    "oracle": """CREATE TABLE trg (id NUMBER(18), small NUMBER(10), big NUMBER(18),
        price NUMBER(10,2), free NUMBER, ratio BINARY_DOUBLE, label VARCHAR2(20 CHAR),
        code CHAR(5 CHAR), flag NUMBER(1), day DATE, at TIMESTAMP(6), zoned TIMESTAMP(6),
        "uid" VARCHAR2(36 CHAR), "raw" RAW(20), doc CLOB)""",
}
NAMES = [
    *("id", "small", "big", "price", "free", "ratio", "label", "code"),
    *("flag", "day", "at", "zoned", "uid", "raw", "doc"),
]


@pytest.fixture
def all_types(ends):
    ends.on_source(*SOURCE[ends.source.kind])
    ends.on_target(TARGET[ends.target.kind])
    return job({name: name for name in NAMES})


def test_every_road_gives_the_same_stage(ends, all_types):
    stages = ends.stages_by_road(all_types)
    assert "ByRows" in stages
    first = stages["ByRows"]
    for road, rows in stages.items():
        assert rows == first, road


def test_values_come_as_the_target_stores_them(ends, all_types):
    staged, rows, _ = ends.stage(all_types)
    assert staged.rejected == []
    assert staged.source_rows == 3
    first = dict(zip(NAMES, rows[0], strict=False))
    on_pg = ends.target.kind == "postgresql"
    assert first["big"] == "9007199254740993"
    assert first["label"] == "Zoë ☃"
    assert first["price"] == ("1.5" if ends.target.kind in ("sqlite", "oracle") else "1.50")
    assert first["flag"] == ("true" if on_pg else "1")
    assert first["zoned"] == "2020-01-01 12:00:00"
    assert first["at"] == ("2020-01-01 12:00:00.5" if on_pg else "2020-01-01 12:00:00.500000")
    second = dict(zip(NAMES, rows[1], strict=False))
    assert second["label"] == (None if "oracle" in ends.kinds else "")  # '' is NULL there
    assert second["small"] == "-1"
    assert rows[2][1:15] == (None,) * 14
    assert {row[-2] for row in rows} == {"2024-05-06 07:08:09"}
    assert {row[-1] for row in rows} == {False}


def test_python_sees_the_same_rows_and_changes_only_what_it_fills(ends, all_types):
    plain = ends.stage(all_types)[1]
    ends.functions = {"m:label": lambda row: row["label"]}
    all_types["target"]["columns"]["label"] = {"python": "m:label"}
    assert ends.stage(all_types)[1] == plain


def test_a_transform_drops_and_changes_rows(ends, all_types):
    def clean(row):
        return None if row["id"] == 2 else {**row, "label": f"<{row['label']}>", "small": 5}

    ends.functions = {"m:clean": clean}
    staged, rows, _ = ends.stage({**all_types, "transform": "m:clean"})
    assert (staged.source_rows, staged.skipped) == (3, 1)
    seen = [(row[0], row[1], row[6]) for row in rows]
    assert seen == [("1", "5", "<Zoë ☃>"), ("3", "5", "<None>")]


def test_a_query_whose_function_writes_is_refused_and_nothing_is_written(ends):
    if ends.source.kind != "postgresql":
        pytest.skip("only PostgreSQL holds a function of a query to reading")
    ends.on_source(
        "CREATE TABLE src (id int)",
        "INSERT INTO src VALUES (1)",
        "CREATE TABLE diary (id int)",
        "CREATE FUNCTION noted(id int) RETURNS int LANGUAGE sql VOLATILE"
        " AS 'INSERT INTO diary VALUES (id) RETURNING id'",
    )
    ends.on_target("CREATE TABLE trg (id int)")
    with pytest.raises(SourceRefused, match="read-only"):
        ends.stage(job({"id": {"sql": "noted(id)"}}))
    with ends.source.reading() as reader:
        assert reader.exec_driver_sql("SELECT * FROM diary").all() == []


def test_one_database_seen_by_two_search_paths_is_two(pg_url):
    def identity(**options):
        url = make_url(pg_url).update_query_dict(options)
        database = open_database("one", url)
        try:
            with database.reading() as reader:
                return database.identity(reader)
        finally:
            database.close()

    assert identity() == identity()
    assert identity() != identity(options="-csearch_path=other")
