"""A bad job costs a clear error before anything is written."""

from __future__ import annotations

import pytest

from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.errors import (
    ForbiddenFunction,
    KeyTypesDiffer,
    MissingColumn,
    MissingTable,
    SourceRefused,
    UnfilledColumn,
    UnstorableType,
    UnsuitableTarget,
)
from mapper_tasks.model.job import Job
from tests.conformance.ends import Ends, job, open_database
from tests.rules.tables import TIME

KEYED = {"id": "id"}


@pytest.fixture
def ends(database_url):
    both = Ends(open_database("a", database_url), open_database("b", database_url))
    yield both
    both.source.close()
    both.target.close()


@pytest.fixture
def tables(ends):
    """Makes `src` and `trg` with the given columns, and checks a job between them."""

    def checked(source, target, columns=KEYED, functions=None, **words):
        target = target.replace("MOMENT", TIME[ends.target.kind])
        ends.on_source(f"CREATE TABLE src ({source})")
        ends.on_target(f"CREATE TABLE trg ({target})")
        read = Job.read(job(columns, **words))
        check(read, ends.source, ends.target, functions)

    return checked


def test_a_job_that_fits_is_let_through(tables):
    tables(
        "id integer, name text, at timestamp",
        "skey integer DEFAULT 1 NOT NULL, id integer NOT NULL, name text, "
        "curflg char(1), fromdt MOMENT, todt MOMENT",
        {"id": "id", "name": {"sql": "UPPER(name)"}},
        scd_type=2,
        effective_from="at",
        delete_when="name = 'gone'",
    )


def test_names_are_found_whatever_their_case_in_the_source_is(tables):
    tables("id integer, Name text", "id integer, name text", {"id": "ID", "name": "NAME"})


# ---- the source


def test_a_query_that_the_source_refuses_is_told_in_its_words(tables):
    with pytest.raises(SourceRefused, match=r"nowhere|ORA-00942"):
        tables("id integer", "id integer", query="SELECT * FROM nowhere")


def test_unknown_source_columns_are_named_with_those_there_are(tables):
    with pytest.raises(MissingColumn) as refusal:
        tables(
            "id integer, name text",
            "id integer, name text",
            {"id": "id", "name": "nickname"},
            effective_from="born",
            checkpoint_config={"columns": ["moved"]},
        )

    told = refusal.value.message
    assert all(name in told for name in ("'nickname'", "'born'", "'moved'", "id, name"))


def test_each_expression_that_the_source_refuses_is_named_by_its_field(tables):
    with pytest.raises(SourceRefused) as refusal:
        tables(
            "id integer",
            "id integer, a integer, b integer, c integer",
            {"id": "id", "a": {"sql": "unknown_function(id)"}, "b": {"sql": "id +"}, "c": "id"},
            delete_when="nobody = 1",
        )

    told = refusal.value.message
    assert all(field in told for field in ("columns.a.sql", "columns.b.sql", "delete_when"))
    assert "columns.c" not in told


def test_a_function_that_is_not_there_is_refused(tables):
    with pytest.raises(ForbiddenFunction, match="shop:rate"):
        tables(
            "id integer",
            "id integer, rate text",
            {"id": "id", "rate": {"python": "shop:rate"}},
            functions={},
        )


def test_a_transform_may_add_the_columns_that_the_target_takes(tables):
    tables(
        "id integer",
        "id integer, name text",
        {"id": "id", "name": "made_by_python"},
        transform="shop:clean",
        functions={"shop:clean": dict},
    )


# ---- the target


def test_a_missing_table_is_refused_unless_it_is_to_be_created(ends):
    ends.on_source("CREATE TABLE src (id integer)")

    with pytest.raises(MissingTable, match="'trg'"):
        check(Job.read(job(KEYED)), ends.source, ends.target)
    check(Job.read(job(KEYED, create=True)), ends.source, ends.target)


def test_unknown_target_columns_are_named_with_those_there_are(tables):
    with pytest.raises(MissingColumn, match="it has id, name"):
        tables("id integer", "id integer, name text", {"id": "id", "nickname": "id"})


def test_a_column_left_out_of_the_comparison_must_be_one(tables):
    with pytest.raises(MissingColumn, match="'seen'"):
        tables("id integer", "id integer", hash_exclude_columns=["seen"])


def test_a_column_that_must_be_filled_and_is_not_is_named(tables):
    with pytest.raises(UnfilledColumn, match="'owner'"):
        tables("id integer", "id integer, owner text NOT NULL, kind text DEFAULT 'x' NOT NULL")


def test_a_surrogate_key_that_does_not_fill_itself_is_refused(tables):
    with pytest.raises(UnsuitableTarget, match="surrogate key"):
        tables("id integer", "skey integer NOT NULL, id integer")


def test_type_2_needs_its_version_columns(tables):
    with pytest.raises(UnsuitableTarget) as refusal:
        tables("id integer", "id integer, curflg text", scd_type=2)

    assert "'fromdt'" in refusal.value.message
    assert "'todt'" in refusal.value.message
    assert "'curflg'" not in refusal.value.message


def test_version_columns_may_have_names_of_their_own(tables):
    tables(
        "id integer",
        "id integer, is_current text, valid_from MOMENT, valid_to MOMENT",
        scd_type=2,
        version_columns={"curflg": "is_current", "fromdt": "valid_from", "todt": "valid_to"},
    )


def test_an_open_end_of_null_needs_a_column_that_takes_it(tables):
    with pytest.raises(UnsuitableTarget, match="open_end"):
        tables(
            "id integer",
            "id integer, curflg text, fromdt MOMENT, todt MOMENT NOT NULL",
            scd_type=2,
            open_end=None,
        )


def test_a_column_that_the_database_computes_is_not_to_be_mapped(tables):
    with pytest.raises(UnsuitableTarget, match=r"columns\.twice"):
        tables(
            "id integer",
            "id integer, twice integer GENERATED ALWAYS AS (id * 2) STORED",
            {"id": "id", "twice": "id"},
        )


@pytest.mark.parametrize(
    ("given", "stored"), [("text", "integer"), ("integer", "text"), ("text", "numeric")]
)
def test_keys_of_different_kinds_are_refused(tables, given, stored):
    with pytest.raises(KeyTypesDiffer, match=rf"(?i)({given}|[A-Z0-9]+\(.*\)) in the source"):
        tables(f"id {given}", f"id {stored}")


@pytest.mark.parametrize(
    ("given", "stored"),
    [("integer", "numeric"), ("bigint", "integer"), ("date", "timestamp"), ("varchar(9)", "text")],
)
def test_keys_of_one_family_fit_each_other(tables, given, stored):
    tables(f"id {given}", f"id {stored}")


def test_several_faults_are_told_in_one_error(tables):
    with pytest.raises(MissingColumn) as refusal:
        tables(
            "id text",
            "id integer, owner text NOT NULL",
            {"id": "id", "nickname": "id"},
            scd_type=2,
        )

    told = str(refusal.value)
    assert told.startswith("MAP-1004")
    assert all(code in told for code in ("MAP-1006", "MAP-1008", "MAP-1010"))


def test_nothing_is_written(ends):
    ends.on_source("CREATE TABLE src (id integer)")

    check(Job.read(job(KEYED, create=True)), ends.source, ends.target)

    with ends.target.reading() as reader:
        assert ends.target.table(reader, "trg") is None


# ---- types, where they are more than wishes


@pytest.mark.parametrize("database_url", ["pg_url"], indirect=True)
@pytest.mark.parametrize(
    ("given", "stored", "fits"),
    [
        ("bytea", "integer", False),
        ("timestamp", "date", False),
        ("json", "date", False),
        ("boolean", "integer", False),
        ("uuid", "bigint", False),
        ("integer", "timestamp", False),
        ("text", "integer", True),
        ("text", "date", True),
        ("bytea", "text", True),
        ("date", "timestamptz", True),
        ("timestamptz", "timestamp", True),
        ("numeric", "integer", True),
        ("double precision", "numeric(9,2)", True),
        ("json", "jsonb", True),
        ("time", "interval", True),
    ],
)
def test_a_type_that_would_lose_something_is_refused(tables, given, stored, fits):
    ends = f"id integer, value {given}", f"id integer, value {stored}"
    columns = {"id": "id", "value": "value"}
    if fits:
        tables(*ends, columns)
        return
    with pytest.raises(UnstorableType, match=r"columns\.value"):
        tables(*ends, columns)


@pytest.mark.parametrize("database_url", ["pg_url"], indirect=True)
def test_what_dates_versions_must_be_a_time(tables):
    with pytest.raises(UnstorableType, match="effective_from"):
        tables("id integer, age integer", "id integer", effective_from="age")


@pytest.mark.parametrize("database_url", ["pg_url"], indirect=True)
def test_an_identity_that_takes_no_values_is_not_to_be_mapped(tables):
    with pytest.raises(UnsuitableTarget, match=r"columns\.id"):
        tables("id integer", "id integer GENERATED ALWAYS AS IDENTITY")
