"""Scenes about keys of other types, tables of other kinds, and what is asked after a load."""

from __future__ import annotations

from datetime import datetime

from mapper_tasks.dialects.oracle import connecting
from mapper_tasks.dialects.tables import IndexDesign, TableDesign
from mapper_tasks.etl import verify
from mapper_tasks.etl.compare import Comparing, compare
from mapper_tasks.mapping.create import create_target
from mapper_tasks.model.run import Window
from mapper_tasks.model.shape import ColumnShape, Kind, TableShape
from mapper_tasks.model.slices import Slice
from tests.oracle.scenes import (
    APART,
    AT,
    CUT,
    DATED,
    EVERYTHING,
    LIGHT,
    NOT_FIRST,
    PART,
    job,
    keys,
    loading,
    planning,
    played,
)

# A time that the target keeps as a DATE, and text of the national character set.
OTHER_KEYS = {
    "business_key": ["born", "region"],
    "columns": LIGHT | {"region": "region"},
}
BY_TIME = Slice(low=(datetime(2024, 5, 6, 7), "a"), high=(datetime(2024, 5, 7), "b"))  # noqa: DTZ001
WITH_NULLS = Slice(high=(20, "c"), with_nulls=True)
HASHED_KEYS = Slice(low=("55555555",), hashed=True)
OF_KINDS = [ColumnShape(f"a_{kind.value}", kind, "") for kind in Kind if kind is not Kind.OTHER] + [
    ColumnShape("wide_text", Kind.TEXT, "", length=4001),
    ColumnShape("short_text", Kind.TEXT, "", length=30),
    ColumnShape("fixed_text", Kind.TEXT, "", length=30, fixed=True),
    ColumnShape("money", Kind.NUMERIC, "", precision=18, scale=4),
]


def scenes():
    return {
        "session": [connecting.SESSION],
        "compare": played(_comparing(job(**DATED)), APART),
        "compare_type_1": played(_comparing(job(scd_type=1, columns=LIGHT)), versioned=False),
        "verify_type_1": played(
            lambda _, target: verify.audit(job(scd_type=1, columns=LIGHT), target),
            versioned=False,
        ),
        "replayed_chunk": loading(
            job(columns=LIGHT, **DATED), NOT_FIRST, part=Slice(keys=((10, "b"), (20, "c")))
        ),
        "type_1_with_missing_keys": loading(
            job(scd_type=1, columns=LIGHT, on_missing="expire"),
            NOT_FIRST,
            part=EVERYTHING,
            versioned=False,
        ),
        "type_2_with_null_keys": loading(job(columns=LIGHT), NOT_FIRST, part=WITH_NULLS),
        "type_2_dated_by_a_date": loading(
            job(columns=LIGHT, effective_from="born"), NOT_FIRST, part=EVERYTHING
        ),
        "plan_by_time_and_national_text": planning(job(**OTHER_KEYS, **CUT), *keys()),
        "type_2_by_time_and_national_text": loading(job(**OTHER_KEYS), NOT_FIRST, part=BY_TIME),
        "type_2_by_hash_of_time": loading(_hashed(), NOT_FIRST, part=HASHED_KEYS),
        "type_2_by_time_from_afar": loading(job(**OTHER_KEYS), APART, NOT_FIRST, part=BY_TIME),
        "create_facts": played(_creating(type="FCT", scd_type=1, columns=LIGHT), there=False),
        "create_type_1_dated": played(
            _creating(scd_type=1, columns=LIGHT, effective_from="changed"), there=False
        ),
        "create_open_without_end": played(_creating(columns=LIGHT, open_end=None), there=False),
        "create_of_every_kind": played(_create_of_every_kind),
    }


def _comparing(one):
    def play(source, target):
        compare(Comparing(one, source, target, Window(), AT), PART)

    return play


def _creating(**given):
    one = job(create=True, **given)
    return lambda source, target: create_target(one, source, target)


def _hashed():
    cut = CUT["parallel_config"] | {"partition": "hash"}
    return job(**OTHER_KEYS, parallel_config=cut)


def _create_of_every_kind(_, target):
    """As the columns of another database are spelled."""
    columns = tuple(ColumnShape(one.name, one.kind, target.spell(one)) for one in OF_KINDS)
    index = IndexDesign("key", ("a_integer",))
    design = TableDesign(TableShape("dw", "of_kinds", columns), (index,))
    with target.writing() as writer:
        target.create_table(writer, design)
