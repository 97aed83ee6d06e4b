"""Source and target are one database: rows never leave the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import column, insert, table

from mapper_tasks.etl.roads.road import Road
from mapper_tasks.etl.staging import Filled, Landing, Staging

if TYPE_CHECKING:
    from sqlalchemy import Select

    from mapper_tasks.model.shape import ColumnShape


class SetBased(Road):
    """A road on which expressions of SQL are all that happens to a row."""

    def raw_shapes(self) -> dict[str, ColumnShape]:
        staging = self.staging
        given = {name: staging.mapping.given[name] for name in staging.names}
        effective = staging.job.target.effective_from
        given["mp_eff"] = (
            staging.columns[-2] if effective is None else staging.mapping.source.shape(effective)
        )
        return {name: staging.target.raw_shape(shape) for name, shape in given.items()}


class SameDatabase(SetBased):
    """One INSERT .. SELECT."""

    @classmethod
    def is_open(cls, staging: Staging) -> bool:
        if staging.job.uses_python or staging.source.kind != staging.target.kind:
            return False
        if staging.moment is not None:
            return False  # only the reader sees it; the writer must see what is there now
        here = staging.target.identity(staging.writer)
        return staging.source.identity(staging.reader) == here

    def rows(self, landing: Landing) -> Select[Any]:
        return self.staging.staged(landing, self.staging.source.store)

    def fill(self, landing: Landing) -> Filled:
        self.staging.target.only_stage(self.staging.writer)
        rows = self.rows(landing)
        names = [one.name for one in self.staging.columns]
        into = table(landing.name, *[column(name) for name in names])
        result = self.staging.writer.execute(
            insert(into).from_select(names, rows), execution_options={"preserve_rowcount": True}
        )
        return Filled(rows=result.rowcount)
