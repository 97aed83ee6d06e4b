"""`create: true` makes a target that its loads can use, and that keeps the promises itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from mapper_tasks.mapping import Mapping
from mapper_tasks.mapping.create import create_target
from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.job import Job
from tests.conformance.ends import job

SOURCE = """CREATE TABLE src (
    id integer, code varchar(9), price numeric(9,2), born date, seen timestamp, ok boolean, x text
)"""
COLUMNS = {
    "id": "id",
    "code": "code",
    "price": "price",
    "born": "born",
    "seen": "seen",
    "x": "x",
    "ok": "ok",
    "twice": {"sql": "id * 2"},
    "channel": {"value": "RETAIL"},
    "level": {"value": 3},
    "nothing": {"value": None},
    "score": {"python": "shop:score"},
}


def created(ends, name="trg", **target):
    """The job, with its target made."""
    target = {"business_key": ["id", "code"], "create": True, "table": name, **target}
    made = Job.read(job(COLUMNS, **target))
    assert create_target(made, ends.source, ends.target)
    return made


@pytest.fixture(autouse=True)
def source(ends):
    ends.on_source(SOURCE, "INSERT INTO src (id, code) VALUES (1, 'a')")


def shape(ends, name="trg"):
    with ends.target.reading() as reader:
        return ends.target.table(reader, name)


def test_type_1_gets_a_surrogate_key_and_record_times(ends):
    created(ends, scd_type=1)

    assert list(shape(ends).by_name) == ["skey", *COLUMNS, "rwhkey", "reccrdt", "recupdt"]


def test_type_1_keeps_the_time_of_its_values_where_rows_are_dated(ends):
    created(ends, scd_type=1, effective_from="seen")

    assert "fromdt" in shape(ends).by_name


def test_type_2_gets_its_version_columns_under_the_names_of_the_job(ends):
    created(ends, scd_type=2, version_columns={"curflg": "is_current"})

    columns = shape(ends).by_name
    names = ["rwhkey", "is_current", "fromdt", "todt", "reccrdt", "recupdt"]
    assert list(columns) == ["skey", *COLUMNS, *names]
    assert not columns["is_current"].nullable
    assert not columns["todt"].nullable


def test_an_open_end_of_null_is_allowed_for(ends):
    created(ends, scd_type=2, open_end=None)

    assert shape(ends).by_name["todt"].nullable


@pytest.mark.parametrize("kind", ["FCT", "MRT"])
def test_facts_and_marts_get_their_own_columns_only(ends, kind):
    created(ends, type=kind)

    assert list(shape(ends).by_name) == list(COLUMNS)


def test_types_fit_what_the_source_gives_and_keys_take_no_null(ends):
    created(ends)

    columns = shape(ends).by_name
    told = {name: columns[name].kind for name in ("id", "code", "price", "born", "seen", "ok")}
    assert list(told.values()) == kinds(ends)
    assert (columns["price"].precision, columns["price"].scale) == (9, 2)
    assert columns["code"].length == 9
    assert columns["level"].kind == whole(ends)
    assert columns["x"].kind == "text"
    assert columns["score"].kind == "text"
    assert not columns["id"].nullable
    assert not columns["code"].nullable
    assert columns["price"].nullable


def kinds(ends):
    """Oracle's DATE has a time, and no type of its own says that a number is a truth value."""
    if "oracle" in ends.kinds:
        own = "integer" if ends.source.kind == "oracle" else whole(ends)
        return [own, "text", "numeric", "timestamp", "timestamp", "integer"]
    return ["integer", "text", "numeric", "date", "timestamp", "boolean"]


def whole(ends):
    """Any whole number of 64 bits takes 19 digits, and not all of those are such a number."""
    return "numeric" if ends.target.kind == "oracle" else "integer"


def test_what_is_created_passes_the_checks_before_a_load(ends):
    for number, words in enumerate([{"scd_type": 1}, {"scd_type": 2}, {"type": "FCT"}]):
        made = created(ends, f"trg{number}", **words)
        check(made, ends.source, ends.target)


def test_text_keys_have_one_order_on_both_sides(ends):
    made = created(ends)

    with ends.source.reading() as reader, ends.target.reading() as writer:
        mapping = Mapping.between(made, ends.source, reader, ends.target, writer)
        order = ends.target.text_order(writer, mapping.table.by_name["code"])
    assert mapping.native or order == "binary"


def versions(ends, *rows):
    for row in rows:
        ends.on_target(
            "INSERT INTO trg (id, code, curflg, fromdt, todt) VALUES "
            f"(1, 'a', '{row}', '2024-01-01', '9999-12-31')"
        )


def test_the_database_itself_refuses_a_second_current_version(ends):
    created(ends, scd_type=2)
    versions(ends, "N", "N", "Y")

    with pytest.raises(IntegrityError):
        versions(ends, "Y")


def test_the_database_itself_refuses_a_second_row_of_a_type_1_key(ends):
    created(ends, scd_type=1)
    ends.on_target("INSERT INTO trg (id, code) VALUES (1, 'a')")

    with pytest.raises(IntegrityError):
        ends.on_target("INSERT INTO trg (id, code) VALUES (1, 'a')")


def test_surrogate_keys_fill_themselves_and_differ(ends):
    created(ends, scd_type=2)
    versions(ends, "N", "N", "Y")

    with ends.target.reading() as reader:
        keys = reader.execute(text("SELECT skey FROM trg")).scalars().all()
    assert len(set(keys)) == 3


def test_a_table_that_is_there_is_left_as_it_is(ends):
    ends.on_target("CREATE TABLE trg (id integer, mine text)")
    read = Job.read(job({"id": "id"}, create=True))

    assert not create_target(read, ends.source, ends.target)
    assert list(shape(ends).by_name) == ["id", "mine"]


def test_nothing_is_made_unless_the_job_asks_for_it(ends):
    assert not create_target(Job.read(job({"id": "id"})), ends.source, ends.target)
    assert shape(ends) is None


def test_coordinators_that_create_it_at_once_both_find_it_made(ends):
    read = Job.read(job(COLUMNS, create=True, scd_type=2, business_key=["id", "code"]))

    with ThreadPoolExecutor(4) as coordinators:
        tries = [
            coordinators.submit(create_target, read, ends.source, ends.target) for _ in range(4)
        ]
        for one in tries:
            one.result()

    assert shape(ends) is not None


def test_long_names_are_cut_the_same_way_each_time(ends):
    name = "a_dimension_with_a_name_that_takes_nearly_all_the_room_there_is"
    created(ends, name, scd_type=2)
    created(ends, name[:-1] + "t", scd_type=2)

    assert shape(ends, name) is not None


def test_a_missing_schema_is_made_where_there_are_schemas(ends):
    if ends.target.kind == "sqlite":
        pytest.skip("a schema of SQLite is an attached file")
    if ends.target.kind == "oracle":
        pytest.skip("a schema of Oracle is a user")
    schema = f"dw_{uuid4().hex[:8]}"  # on MariaDB all databases of a server share these names
    cascade = " CASCADE" if ends.target.kind == "postgresql" else ""

    created(ends, f"{schema}.dim_customer", scd_type=2)

    assert shape(ends, f"{schema}.dim_customer").schema == schema
    ends.on_target(f"DROP SCHEMA {schema}{cascade}")


def test_rows_overwritten_in_place_find_room_on_their_page(ends):
    if ends.target.kind != "postgresql":
        pytest.skip("only PostgreSQL has a fill factor")
    created(ends, "one", scd_type=1)
    created(ends, "two", scd_type=2)

    with ends.target.reading() as reader:
        found = reader.execute(
            text("SELECT relname, reloptions FROM pg_class WHERE relname IN ('one', 'two')")
        )
        assert dict(found.all()) == {"one": ["fillfactor=80"], "two": None}
