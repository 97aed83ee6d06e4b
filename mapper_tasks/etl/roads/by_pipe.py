"""Two databases of one kind: the target takes the rows in a way of its own, without Python."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mapper_tasks.etl.roads.same_database import SetBased
from mapper_tasks.etl.staging import STAGE, Filled, Landing, Staging

if TYPE_CHECKING:
    from sqlalchemy import Select

    from mapper_tasks.model.shape import ColumnShape


class ByPipe(SetBased):
    """COPY to COPY, or the source's file attached: what Database.pipe does."""

    @classmethod
    def is_open(cls, staging: Staging) -> bool:
        if staging.job.uses_python or staging.source.kind != staging.target.kind:
            return False
        rows = cls(staging).rows(Landing(STAGE))
        return staging.target.pipes(staging.reader, staging.writer, rows, staging.columns)

    def rows(self, landing: Landing) -> Select[Any]:
        return self.staging.staged(landing, self.staging.source.wire)

    def fill(self, landing: Landing) -> Filled:
        staging = self.staging
        read = staging.target.pipe(
            staging.reader,
            staging.writer,
            self.rows(landing),
            landing.name,
            self._raw_columns() if landing.raw else staging.columns,
            staging.check,
        )
        return Filled(rows=read)

    def _raw_columns(self) -> list[ColumnShape]:
        raw = self.raw_shapes()
        return [replace(raw.get(one.name, one), name=one.name) for one in self.staging.columns]
