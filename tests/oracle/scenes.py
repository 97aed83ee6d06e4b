"""The scenes whose statements are kept as golden files: jobs that together say all there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count

import oracledb

from mapper_tasks.etl import lease, marker, verify
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.mapping.create import create_target
from mapper_tasks.mapping.preflight import check
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.slices import Slice
from mapper_tasks.planning import ParallelDefaults, make_plan
from tests.oracle.recording import Described, Scene, database, describe, on_stage

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
EVERYTHING = Slice(with_nulls=True)
PART = Slice(low=(10, "b"), high=(20, "c"))

# (name, declared type, characters, digits, scale, nullable, identity)
COLUMNS = [
    ("SKEY", "NUMBER", None, 19, 0, "N", "BY DEFAULT"),
    ("SHOP", "NUMBER", None, 10, 0, "N", None),
    ("ID", "CHAR", 8, None, None, "N", None),
    ("NAME", "VARCHAR2", 200, None, None, "N", None),
    ("PRICE", "NUMBER", None, 12, 2, "Y", None),
    ("SCORE", "BINARY_DOUBLE", None, None, None, "Y", None),
    ("BORN", "DATE", None, None, None, "Y", None),
    ("NOTE", "CLOB", None, None, None, "Y", None),
    ("PHOTO", "BLOB", None, None, None, "Y", None),
    ("REGION", "VARCHAR2", 20, None, None, "Y", None),
    ("RWHKEY", "VARCHAR2", 32, None, None, "Y", None),
    ("CURFLG", "CHAR", 1, None, None, "N", None),
    ("FROMDT", "TIMESTAMP(6)", None, None, 6, "N", None),
    ("TODT", "TIMESTAMP(6)", None, None, 6, "N", None),
    ("RECCRDT", "TIMESTAMP(6)", None, None, 6, "Y", None),
    ("RECUPDT", "TIMESTAMP(6)", None, None, 6, "Y", None),
]
VERSIONS = {"CURFLG", "TODT"}

SOURCE = Described(
    [
        describe("SHOP", oracledb.DB_TYPE_NUMBER, precision=10),
        describe("ID", oracledb.DB_TYPE_VARCHAR, size=8),
        describe("NAME", oracledb.DB_TYPE_VARCHAR, size=200),
        describe("PRICE", oracledb.DB_TYPE_NUMBER, scale=-127),
        describe("SCORE", oracledb.DB_TYPE_NUMBER, scale=-127),
        describe("BORN", oracledb.DB_TYPE_TIMESTAMP, scale=6),
        describe("NOTE", oracledb.DB_TYPE_CLOB),
        describe("PHOTO", oracledb.DB_TYPE_BLOB),
        describe("REGION", oracledb.DB_TYPE_NVARCHAR, size=20),
        describe("CHANGED", oracledb.DB_TYPE_TIMESTAMP_TZ, scale=6),
        describe("GONE", oracledb.DB_TYPE_NUMBER, precision=1),
    ]
)


def target_columns(*, versioned):
    return [
        {
            "column_name": name,
            "data_type": kind,
            "char_length": size or 0,
            "data_length": size or 22,
            "data_precision": digits,
            "data_scale": scale,
            "nullable": nullable,
            "virtual_column": "NO",
            "default_length": None,
            "generation_type": identity,
            "by_trigger": "NO",
        }
        for name, kind, size, digits, scale, nullable, identity in COLUMNS
        if versioned or name not in VERSIONS
    ]


def job(**target):
    outside = {name: target.pop(name) for name in list(target) if name in OUTSIDE}
    source = {"connection": "crm", "query": "SELECT * FROM crm.customers"}
    columns = {
        "shop": "shop",
        "id": "id",
        "name": {"sql": "UPPER(TRIM(name))"},
        "price": "price",
        "score": "score",
        "born": "born",
        "note": "note",
        "photo": "photo",
        "region": "region",
    }
    given = {
        "connection": "warehouse",
        "table": "dw.dim_customer",
        "scd_type": 2,
        "business_key": ["shop", "id"],
        "columns": columns,
        **target,
    }
    return Job.read({"mapref": "DIM_CUSTOMER", "source": source, "target": given, **outside})


OUTSIDE = ("checkpoint_config", "parallel_config", "max_error_rows")


def answers(*first, versioned=True, there=True):
    """What the catalog says, after what the scene says itself."""
    found = [{"owner": "DW", "name": "DIM_CUSTOMER"}] if there else []
    return [
        *first,
        (r"FROM all_objects", found),
        (r"FROM all_tab_cols", target_columns(versioned=versioned)),
        (r"FROM all_indexes", []),
        (r"FROM all_constraints n\s+JOIN", CONSTRAINTS),
        (r"FROM user_users", [("ORCL/PDB/host/DW/DW/20240101000000",)]),
        (r"nls_database_parameters", [("AL32UTF8",)]),
        (r"^SELECT \* *\nFROM \(SELECT \* FROM crm", SOURCE),
        (r"^SELECT CASE WHEN EXISTS", [(0,)]),
        (r"0 = 1|1 = 0", _expressions),
        (r"FROM plan_table", PLAN),
        (r"FROM all_tables", [(1000,)]),
        (r"SYS_EXTRACT_UTC\(SYSTIMESTAMP\) FROM dual", [(AT.replace(tzinfo=None),)]),
        (r"^SELECT coalesce\(sum\(", [(1, 1, 0)]),
        (r"FROM dms_targetlease", []),
        (r"FROM dms_chunkmark", []),
    ]


CONSTRAINTS = [
    {
        "constraint_name": name,
        "constraint_type": kind,
        "condition": condition,
        "column_name": column,
        "to_owner": owner,
        "to_name": to,
        "there": there,
    }
    for name, kind, condition, column, owner, to, there in [
        ("DIM_PRICE", "C", "price > 0", "PRICE", None, None, None),
        ("DIM_NAME", "C", '"NAME" IS NOT NULL', "NAME", None, None, None),
        ("DIM_REGION", "R", None, "REGION", "DW", "REGIONS", "CODE"),
    ]
]
PLAN = [
    {
        "operation": operation,
        "options": options,
        "object_owner": owner,
        "object_name": name,
        "cost": 3,
        "cardinality": 1000,
        "access_predicates": None,
        "filter_predicates": None,
    }
    for operation, options, owner, name in [
        ("SELECT STATEMENT", None, None, None),
        ("INDEX", "FULL SCAN", "CRM", "CUSTOMERS_PK"),
    ]
]


def _expressions(sql):
    """Expressions as the server would describe them: each as the source column of its label."""
    by_name = {one.name: one for one in SOURCE}
    labels = re.findall(r" AS (\w+)(?:, |\s*\n)", sql.partition("FROM (")[0])
    number = describe("PROBE", oracledb.DB_TYPE_NUMBER, precision=1)
    return Described([by_name.get(label.upper(), number) for label in labels])


def work(one, source, target, part=EVERYTHING, window=None):
    return ChunkWork(
        job=one,
        prcid=7,
        run_key="00000000-0000-0000-0000-000000000000",
        chunk_no=3,
        slice=part,
        effective_at=AT,
        window=window or Window(),
        source=source,
        target=target,
    )


def played(play, *first, faults=None, **shape):
    """The statements of one play."""
    scene = Scene(answers(*first, **shape), dict(faults or {}))
    source, target = database("crm"), database()
    with on_stage(scene):
        play(source, target)
        for one in (source, target):
            one.close()
    return scene.statements


def loading(one, *first, part=PART, window=None, **shape):
    return played(
        lambda source, target: load_chunk(work(one, source, target, part, window)),
        *first,
        **shape,
    )


def planning(one, *first, **shape):
    def play(source, target):
        check(one, source, target)
        make_plan(one, source, target, ParallelDefaults(), None, AT, 2)

    return played(play, *first, **shape)


def _two_databases(_sql):
    """Each time another: source and target have nothing in common."""
    return [(f"DB{next(NUMBERS)}",)]


NUMBERS = count()
APART = (r"FROM user_users", _two_databases)
NOT_FIRST = (r"^SELECT CASE WHEN EXISTS", [(1,)])
GIVEN = (
    r"^SELECT row_number.*FROM \(SELECT \* FROM crm",
    [(1, 10, "b", "B", 1, 0.5, "2024-05-06 00:00:00", "n", b"p", "EU", "2024-05-06 00:00:00", 0)],
)
ONE_BAD = [
    (r"^SELECT mp_bad", [(1, "ORA-01722: unable to convert")]),
    (r"^SELECT mp_raw\.mp_rid, CAST", [(1, "10", "b")]),
]
NO_COST = (r"FROM plan_table", [one | {"cost": None} for one in PLAN])
SORTED = (r"FROM plan_table", [PLAN[0], PLAN[1] | {"operation": "SORT", "options": "ORDER BY"}])


def keys():
    """Three slices: the first two places are found by steps, the second is one key's."""
    steps = iter([[(20, "c", 1)], [(30, "d", 0)], []])
    return [
        (r"^SELECT.*beyond", lambda _sql: next(steps)),
        (r"rank\(\) OVER", [(20, "c", 10, 11), (30, "d", 20, 21)]),
        (r"^SELECT count", [(25,)]),
        (r"AS k1.*FETCH FIRST", [(10, "b")]),
    ]


DATED = {"effective_from": "changed", "delete_when": "gone = 1"}
CUT = {"parallel_config": {"enable_parallel": True, "min_rows_for_parallel": 0, "chunk_size": 10}}
LIGHT = {"shop": "shop", "id": "id", "name": "name", "price": "price", "born": "born"}
MIXED = {
    "shop": "shop",
    "id": "id",
    "name": "name",
    "price": {"source": "price", "scd": 1},
    "region": {"source": "region", "scd": 0},
}
BY_CHANGE = {"checkpoint_config": {"columns": ["shop", "name"]}}


def scenes():
    """Scene -> its statements."""
    return {
        "marker": played(lambda _, target: marker.create(target), there=False),
        "create": played(
            lambda source, target: create_target(job(create=True, **DATED), source, target),
            there=False,
        ),
        "create_type_1": played(
            lambda source, target: create_target(
                job(create=True, scd_type=1, columns=LIGHT), source, target
            ),
            there=False,
        ),
        "lease": played(_leases, (r"^SELECT count", [(0,)])),
        "moments": played(_moments),
        "plan_by_walking": planning(job(**DATED, **CUT), NO_COST, *keys()),
        "plan_by_one_pass": planning(job(**CUT), SORTED, *keys()),
        "plan_from_a_checkpoint": planning(
            job(columns=LIGHT, **BY_CHANGE, **CUT), (r"ORDER BY src.shop DESC", [(5, "x")]), *keys()
        ),
        "plan_with_missing_keys": planning(
            job(columns=LIGHT, on_missing="expire", **DATED, **CUT),
            APART,
            (r"LEFT OUTER JOIN ora", [(1,)]),
            *keys(),
        ),
        "verify": played(lambda _, target: verify.audit(job(), target)),
        "first_load": loading(job(), part=EVERYTHING),
        "stage_by_arrow": loading(job(columns=LIGHT, **DATED), APART),
        "stage_by_rows": loading(job(**DATED), APART, GIVEN),
        "stage_from_a_checkpoint": loading(
            job(columns=LIGHT), window=Window(("shop", "name"), (1, "a"), (5, "x"))
        ),
        "stage_by_position": loading(
            job(columns=LIGHT), window=Window(("shop",), skip=10, take=20), part=EVERYTHING
        ),
        "stage_precisely": loading(
            job(**DATED), *ONE_BAD, faults={r"INSERT INTO ora\$ptt_mp_stage": "ORA-01722"}
        ),
        "type_1": loading(job(scd_type=1), NOT_FIRST, versioned=False),
        "type_1_dated": loading(job(scd_type=1, **DATED), NOT_FIRST, versioned=False),
        "type_2": loading(job(**DATED), NOT_FIRST),
        "type_2_with_missing_keys": loading(job(on_missing="expire"), NOT_FIRST, part=EVERYTHING),
        "type_2_with_columns_of_type_0_and_1": loading(job(columns=MIXED, **DATED), NOT_FIRST),
        "type_2_overwriting_the_current": loading(
            job(columns=MIXED, type1_scope="current", **DATED), NOT_FIRST
        ),
        "type_2_with_the_last_of_duplicates": loading(
            job(columns=LIGHT, on_duplicate="last", **BY_CHANGE), NOT_FIRST
        ),
        "type_2_with_rejected_duplicates": loading(
            job(columns=LIGHT),
            NOT_FIRST,
            (r"^SELECT count.*mp_stage JOIN ora\$ptt_mp_key", [(3,)]),
        ),
        "type_2_open_without_end": loading(job(columns=LIGHT, open_end=None), NOT_FIRST),
        "type_2_by_hash": loading(_hashed(), NOT_FIRST, part=HASHED),
        "type_2_around_a_bad_row": loading(
            job(columns=LIGHT), NOT_FIRST, faults={r"^MERGE|INSERT INTO dw": "ORA-00001"}
        ),
    }


HASHED = Slice(low=("55555555",), high=("aaaaaaaa",), hashed=True)


def _hashed():
    cut = CUT["parallel_config"] | {"partition": "hash"}
    return job(columns=LIGHT, parallel_config=cut)


def _leases(_, target):
    lease.take(target, "dw.dim_customer", 7, "key", lambda *_: None, 60)
    lease.renew(target, "key", 60)
    lease.release(target, "key")
    with target.writing() as writer:
        marker.clear_strangers(writer, 7, "other")


def _moments(source, _):
    with source.keeping_moment() as kept, source.reading_at(kept.token) as reader:
        reader.exec_driver_sql("SELECT 1 FROM crm.customers")
