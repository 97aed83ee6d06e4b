"""What is wrong with staged rows although the stage took them: found by sets, taken out by sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Text,
    and_,
    case,
    cast,
    column,
    exists,
    literal_column,
    not_,
    or_,
    select,
    table,
)

from mapper_tasks.etl.staging import STAGE, key_text
from mapper_tasks.model.errors import (
    KeyLeftSlice,
    NullEffectiveFrom,
    NullKey,
    RowFault,
    ValueRefused,
)
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.dialects.stager import Check, Reference
    from mapper_tasks.etl.staging import Staging


@dataclass(frozen=True)
class Rule:
    """A fault that staged rows can have: which ones are `broken`, and what is said of them."""

    fault: type[RowFault]
    said: str
    broken: ColumnElement[bool]
    words: str | None = None  # the database's


def check_stage(staging: Staging) -> list[RowError]:
    """Take every faulty row out of the stage, and its key into the rejected ones.

    Raises KeyLeftSlice (MAP-2002) when Python gave a row a key of another slice.
    """
    demands = staging.target.constraints(staging.writer, staging.mapping.table, staging.names)
    rules = [*_keys(staging), *_times(staging), *_values(staging)]
    errors = _take_out(staging, rules + [_unmet(staging, one) for one in demands.checks])
    for reference in demands.references:
        errors += _take_out(staging, [_dangling(staging, reference)])
    if staging.job.uses_python:
        _stay_in_slice(staging)
    return errors


# ---- rules


def _keys(staging: Staging) -> Iterator[Rule]:
    columns = [staging.stage.c[name] for name in staging.keys]
    missing = or_(*[one.is_(None) for one in columns])
    yield Rule(NullKey, f"the business key has a NULL: {', '.join(staging.keys)}", missing)


def _times(staging: Staging) -> Iterator[Rule]:
    name = staging.job.target.effective_from
    if name is None:
        return
    time = staging.stage.c.mp_eff
    yield Rule(NullEffectiveFrom, f"effective_from: {name} is NULL", time.is_(None))
    unreadable = staging.target.unreadable_time(time)
    if unreadable is not None:
        said = f"effective_from: {name} is not a time"
        yield Rule(ValueRefused, said, unreadable, "a time is kept as ISO 8601 text")


def _values(staging: Staging) -> Iterator[Rule]:
    """Types that the database does not enforce, and NOT NULL, which a delete needs not meet."""
    stage, shape = staging.stage, staging.mapping.table
    for name in staging.names:
        stored, value, is_key = shape.by_name[name], stage.c[name], name in staging.keys
        misfit = staging.target.misfit(value, stored)
        if misfit is not None:
            broken = misfit if is_key else and_(not_(stage.c.mp_del), misfit)
            words = f"a value that does not fit {stored.sql_type or 'its column'}"
            yield Rule(ValueRefused, f"{name}: the value cannot be stored", broken, words)
        if not stored.nullable and not is_key:
            words = staging.target.not_null_words(shape, name)
            missing = and_(not_(stage.c.mp_del), value.is_(None))
            yield Rule(ValueRefused, f"{name}: NULL is not allowed", missing, words)


def _unmet(staging: Staging, check: Check) -> Rule:
    condition: ColumnElement[bool] = literal_column(f"({check.sql})")
    broken = and_(not_(staging.stage.c.mp_del), not_(condition))
    said = f"{', '.join(check.columns)}: a CHECK of the target table is not met"
    return Rule(ValueRefused, said, broken, check.said)


def _dangling(staging: Staging, reference: Reference) -> Rule:
    """Rows whose foreign key names nothing; MATCH SIMPLE: a NULL in it names nothing either way."""
    stage, shape = staging.stage, staging.mapping.table
    parents = table(reference.to, *map(column, reference.there), schema=reference.schema)
    there = parents.alias("there")
    here = [stage.c[name] for name in reference.columns]
    limits = [
        not_(stage.c.mp_del),
        *[value.is_not(None) for value in here],
        ~exists().where(*_pairs(here, [there.c[name] for name in reference.there])),
    ]
    to_itself = (reference.schema or shape.schema, reference.to) == (shape.schema, shape.name)
    if to_itself and set(reference.there) <= set(staging.names):
        peer = stage.alias("peer")
        limits.append(~exists().where(*_pairs(here, [peer.c[name] for name in reference.there])))
    said = f"{', '.join(reference.columns)}: no such row in {reference.to}"
    return Rule(ValueRefused, said, and_(*limits), reference.said)


def _pairs(
    here: Sequence[ColumnElement[Any]], there: Sequence[ColumnElement[Any]]
) -> list[ColumnElement[bool]]:
    return [left == right for left, right in zip(here, there, strict=True)]


# ---- what becomes of broken rows


def _take_out(staging: Staging, rules: Sequence[Rule]) -> list[RowError]:
    """One look at the stage for all rules; a row is reported by the first that it breaks."""
    stage = staging.stage
    first = case(*[(rule.broken, literal_column(str(i))) for i, rule in enumerate(rules)])
    anything = or_(*[rule.broken for rule in rules])
    keys = [cast(stage.c[name], Text).label(name) for name in staging.keys]
    found = staging.writer.execute(
        select(first.label("mp_rule"), *keys).where(anything).order_by(stage.c.mp_rid)
    ).all()
    if not found:
        return []
    take_out(staging, anything)
    return [_error(staging, rules[row[0]], row[1:]) for row in found]


def take_out(staging: Staging, which: ColumnElement[bool]) -> None:
    """Move the keys of staged rows to the rejected ones, and forget the rows."""
    stage, rejected = staging.stage, staging.rejected_keys
    keys = [stage.c[name] for name in staging.keys]
    known = select(*keys).where(which, *[key.is_not(None) for key in keys])
    staging.writer.execute(rejected.insert().from_select(list(staging.keys), known))
    staging.writer.execute(stage.delete().where(which))


def _error(staging: Staging, rule: Rule, key: Sequence[Any]) -> RowError:
    return RowError(
        errtyp=rule.fault.code,
        errmsg=rule.said,
        keyvalue=key_text(dict(zip(staging.keys, key, strict=True))),
        dberrmsg=rule.words,
    )


def _stay_in_slice(staging: Staging) -> None:
    inside = staging.mapping.in_target_slice(staging.stage, staging.part)
    if inside is None:
        return
    keys = [cast(staging.stage.c[name], Text) for name in staging.keys]
    strays = staging.writer.execute(select(*keys).where(not_(inside)).limit(1)).first()
    if strays is not None:
        raise KeyLeftSlice(
            f"Python gave a row of {STAGE!r} the key "  # the value itself stays in the target
            f"{', '.join(staging.keys)} of another slice"
        )
