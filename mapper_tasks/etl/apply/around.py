"""Applying around rows that only the write itself shows to be bad.

Types, NOT NULL, CHECK and foreign keys are seen while staging. A second unique index, an exclusion
or a trigger speaks up when a version is written, and names no row. Then the keys are halved until
the guilty ones stand alone; the others are applied, each exactly as it would have been.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select
from sqlalchemy.exc import DBAPIError

from mapper_tasks.etl.apply.apply import Applied, apply
from mapper_tasks.etl.staging import key_text
from mapper_tasks.model.errors import ValueRefused
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from sqlalchemy import Select, TableClause

    from mapper_tasks.etl.apply.ground import Ground

PARKED = "mp_parked"
NUMBERED = "mp_numbered"


def apply_around(ground: Ground, limit: int | None) -> Applied:
    """`apply`; when the database refuses a row, once more around that row.

    At most about `limit` rows are looked for: the run fails beyond that anyway.
    """
    savepoint = ground.writer.begin_nested()
    try:
        applied = apply(ground)
    except DBAPIError as fault:
        savepoint.rollback()
        if not ground.database.is_row_fault(fault):
            raise
        return _Halving(ground, limit).run()
    savepoint.commit()
    return applied


@dataclass
class _Halving:
    """The staged keys, numbered, applied in ever smaller parts."""

    ground: Ground
    limit: int | None
    done: Applied = field(default_factory=Applied)

    def run(self) -> Applied:
        ground = self.ground
        types = [("mp_rid", "bigint"), ("mp_eff", ground.time_type), ("mp_del", "boolean")]
        self.parked = ground.temporary(PARKED, [*types, *ground.column_types(ground.columns)])
        ground.fill(self.parked, self._rows(ground.stage))
        keys = select(*ground.key_of(ground.stage)).distinct().subquery("keys")
        number = func.row_number().over(order_by=ground.key_of(keys)).label("mp_n")
        self.numbered = ground.temporary(NUMBERED, [*ground.key_types(), ("mp_n", "bigint")])
        count = ground.fill(self.numbered, select(*ground.key_of(keys), number))
        # None of the staged keys is missing, whichever part of them is on the stage.
        ground.fill(ground.rejected_keys, select(*ground.key_of(self.numbered)))
        self._apply(1, count)
        return self.done

    def _apply(self, first: int, last: int) -> None:
        if first > last or self._enough():
            return
        self._set_stage(first, last)
        savepoint = self.ground.writer.begin_nested()
        try:
            part = apply(self.ground)
        except DBAPIError as fault:
            savepoint.rollback()
            if not self.ground.database.is_row_fault(fault):
                raise
            if first == last:
                self._reject(fault)
                return
            middle = (first + last) // 2
            self._apply(first, middle)
            self._apply(middle + 1, last)
            return
        savepoint.commit()
        self._add(part)

    def _set_stage(self, first: int, last: int) -> None:
        ground, numbered = self.ground, self.numbered
        ground.run(ground.stage.delete())
        part = exists().where(
            ground.on_key(numbered, self.parked), numbered.c.mp_n.between(first, last)
        )
        ground.fill(ground.stage, self._rows(self.parked).where(part))

    def _rows(self, rows: TableClause) -> Select[tuple[object, ...]]:
        names = ("mp_rid", "mp_eff", "mp_del", *self.ground.columns)
        return select(*[rows.c[name] for name in names])

    def _reject(self, fault: DBAPIError) -> None:
        ground = self.ground
        rows = ground.writer.execute(select(*ground.key_of(ground.stage))).all()
        said = ground.database.message(fault)
        errors = tuple(
            RowError(
                errtyp=ValueRefused.code,
                errmsg="the target refused the row",
                keyvalue=key_text(dict(zip(ground.keys, row, strict=True))),
                dberrmsg=said,
            )
            for row in rows
        )
        self._add(Applied(rejected=errors))

    def _enough(self) -> bool:
        return self.limit is not None and len(self.done.rejected) > self.limit

    def _add(self, part: Applied) -> None:
        self.done = self.done + part
