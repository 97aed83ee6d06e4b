"""The first load of a slice: nothing stands in it, and no key comes twice.

Then every staged row opens the one version of its key, and there is nothing to compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, literal, not_, select

if TYPE_CHECKING:
    from mapper_tasks.etl.apply.ground import Ground


def is_first(ground: Ground) -> bool:
    """Whether the slice of the target is empty and the staged keys are all different."""
    target, stage = ground.target, ground.stage
    anything = select(exists(select(target.c[ground.keys[0]]).where(ground.in_slice(target))))
    if ground.writer.execute(anything).scalar_one():
        return False
    keys = select(*ground.key_of(stage)).distinct().subquery()
    return ground.count(stage) == ground.count(keys)


def insert(ground: Ground) -> int:
    """Open a version for each staged row that is no delete; the number of them."""
    stage = ground.stage
    values: dict[str, Any] = {name: stage.c[name] for name in ground.columns}
    values |= ground.digest_of(stage) | ground.recorded("recupdt") | ground.recorded("reccrdt")
    if ground.mapping.has("fromdt"):
        values[ground.version_name("fromdt")] = ground.database.moment(stage.c.mp_eff)
    if ground.job.versioned:
        values[ground.version_name("todt")] = ground.open_end
        values[ground.version_name("curflg")] = literal("Y")
    rows = select(*[value.label(name) for name, value in values.items()]).where(
        not_(stage.c.mp_del)
    )
    ordered = rows.order_by(*ground.key_of(stage))
    return ground.run(ground.target.insert().from_select(list(values), ordered))
