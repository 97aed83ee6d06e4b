"""The precise way to stage a slice, taken only after a database has refused the quick one.

Two things can be refused. The source may fail to compute a value: then its slice is halved until
the key stands alone. The target's types may not take a value: rows are brought as they are into a
table that takes everything, and the database admits to the stage those that it can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, column, func, literal_column, select, table

from mapper_tasks.dialects.stager import Admission
from mapper_tasks.etl.halving import fill_without_bad_keys
from mapper_tasks.etl.staging import (
    RAW,
    REJECTED_KEYS,
    STAGE,
    Filled,
    Landing,
    Rejected,
    key_text,
)
from mapper_tasks.model.errors import ValueRefused
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, TableClause

    from mapper_tasks.etl.roads.road import Road
    from mapper_tasks.etl.staging import Staging
    from mapper_tasks.model.shape import ColumnShape

DOUBTED = "mp_doubted"
TRIED = "mp_tried"
AT_ONCE = 1000  # items of a list, of which no database refuses so many


def fill_precisely(staging: Staging, road: Road) -> Filled:
    """Stage every row that can be staged; the others come back as row errors."""
    if not staging.target.refuses_values:
        return fill_without_bad_keys(staging, road, Landing(STAGE))
    shapes = road.raw_shapes()
    _create_raw(staging, RAW, shapes)
    filled = fill_without_bad_keys(staging, road, Landing(RAW, raw=True))
    return filled + Filled(rejected=_admit(staging, shapes))


def _create_raw(staging: Staging, name: str, shapes: dict[str, ColumnShape]) -> None:
    types = [(one.name, shapes.get(one.name, one).sql_type) for one in staging.columns]
    staging.target.create_temporary(staging.writer, name, types)


def _admit(staging: Staging, shapes: dict[str, ColumnShape]) -> tuple[Rejected, ...]:
    raw = _raw(staging, RAW)
    values = _stored(staging, raw, shapes)
    keys = {name: values[name] for name in staging.keys}
    admission = Admission(raw, STAGE, values, REJECTED_KEYS, keys)
    refused = dict(staging.target.admit(staging.writer, admission))
    numbers = list(refused)
    texts = _key_texts(staging, raw, numbers)
    said = _said(staging, shapes, numbers)
    return tuple(
        Rejected(RowError(ValueRefused.code, said[number], texts[number], words))
        for number, words in refused.items()
    )


def _raw(staging: Staging, name: str) -> TableClause:
    return table(name, *[column(one.name) for one in staging.columns])


def _said(staging: Staging, shapes: dict[str, ColumnShape], numbers: list[int]) -> dict[int, str]:
    """What is said of refused rows, by mp_rid: the database's own words often name no column.

    So these few are admitted once more, a column at a time.
    """
    said = dict.fromkeys(numbers, "the target refused the row")
    if not numbers:
        return said
    _set_apart(staging, shapes, numbers)
    doubted = _raw(staging, DOUBTED)
    values = _stored(staging, doubted, shapes)
    types = [(one.name, one.sql_type) for one in staging.columns]
    staging.target.create_temporary(staging.writer, TRIED, types)
    number = {"mp_rid": doubted.c.mp_rid}
    for name in ("mp_eff", *reversed(staging.names)):  # the first of several is told
        tried = Admission(doubted, TRIED, {**number, name: values[name]}, TRIED, number)
        shown = "effective_from" if name == "mp_eff" else name
        for place, _ in staging.target.admit(staging.writer, tried):
            said[numbers[place - 1]] = f"{shown}: the value cannot be stored"
    return said


def _set_apart(staging: Staging, shapes: dict[str, ColumnShape], numbers: list[int]) -> None:
    """The rows of these numbers, numbered from 1 in their order."""
    _create_raw(staging, DOUBTED, shapes)
    raw, names = _raw(staging, RAW), [one.name for one in staging.columns]
    others = [raw.c[name] for name in names[1:]]
    for start in range(0, len(numbers), AT_ONCE):
        asked = raw.c.mp_rid.in_(numbers[start : start + AT_ONCE])
        place = func.row_number().over(order_by=raw.c.mp_rid) + literal_column(str(start))
        rows = select(place.label("mp_rid"), *others).where(asked)
        staging.writer.execute(_raw(staging, DOUBTED).insert().from_select(names, rows))


def _stored(
    staging: Staging, raw: TableClause, shapes: dict[str, ColumnShape]
) -> dict[str, ColumnElement[Any]]:
    """The stage's columns over the raw ones, each as the target stores it."""
    stored = staging.mapping.table.by_name
    target, time = staging.target, raw.c.mp_eff
    return {
        "mp_rid": raw.c.mp_rid,
        **{name: target.store(raw.c[name], shapes[name], stored[name]) for name in staging.names},
        "mp_eff": target.staged_time(time, shapes["mp_eff"], staging.time_type),
        "mp_del": raw.c.mp_del,
    }


def _key_texts(staging: Staging, raw: TableClause, numbers: list[int]) -> dict[int, str]:
    keys = [cast(raw.c[name], Text).label(name) for name in staging.keys]
    texts: dict[int, str] = {}
    for start in range(0, len(numbers), AT_ONCE):
        asked = raw.c.mp_rid.in_(numbers[start : start + AT_ONCE])
        for row in staging.writer.execute(select(raw.c.mp_rid, *keys).where(asked)):
            texts[row[0]] = key_text(dict(zip(staging.keys, row[1:], strict=True)))
    return texts
