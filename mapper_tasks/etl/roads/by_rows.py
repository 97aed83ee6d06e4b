"""Rows pass through Python: for its functions, and between databases that share no other way."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from mapper_tasks.etl.roads.making import Maker, Refused, maker
from mapper_tasks.etl.roads.road import Road
from mapper_tasks.etl.staging import Filled, Landing, Rejected, Staging, key_text
from mapper_tasks.model.run import RowError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Row, Select

    from mapper_tasks.model.shape import ColumnShape


BATCH_ROWS = 5_000


class ByRows(Road):
    """A server-side cursor, batches of rows, and the target's own way to take Python values."""

    @classmethod
    def is_open(cls, staging: Staging) -> bool:  # noqa: ARG003 - this one always is
        return True

    def raw_shapes(self) -> dict[str, ColumnShape]:
        return {one.name: self.staging.target.loose(one) for one in self.staging.columns[1:-1]}

    @cached_property
    def maker(self) -> Maker:
        return maker(self.staging)

    def rows(self, landing: Landing) -> Select[Any]:  # noqa: ARG002 - one form for all
        return self.staging.select(*self.maker.payload)

    def fill(self, landing: Landing) -> Filled:
        staging = self.staging
        passing = _Passing(staging, self.maker)
        batches = self._batches(self.rows(landing))
        rows = chain.from_iterable(map(passing.made, batches))
        columns = [one.name for one in staging.columns]
        staging.target.fill(staging.writer, landing.name, columns, rows)
        return Filled(passing.read, tuple(passing.rejected), passing.skipped)

    def _batches(self, rows: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
        options = {"yield_per": BATCH_ROWS}
        with self.staging.reader.execute(rows, execution_options=options) as result:
            for batch in result.partitions():
                self.staging.check()
                yield batch


class _Passing:
    """Rows on their way through Python, and what became of those that did not arrive."""

    def __init__(self, staging: Staging, making: Maker) -> None:
        self.staging = staging
        self.maker = making
        self.read = 0
        self.skipped = 0
        self.rejected: list[Rejected] = []

    def made(self, batch: Sequence[Row[Any]]) -> Iterable[tuple[Any, ...]]:
        self.read += len(batch)
        made = self.maker.make_all(batch)
        return self._one_by_one(batch) if made is None else made

    def _one_by_one(self, batch: Sequence[Row[Any]]) -> Iterator[tuple[Any, ...]]:
        make = self.maker.make
        for row in batch:
            try:
                values = make(row)
            except Refused as refused:
                self.rejected.append(self._rejected(refused))
                continue
            if values is None:
                self.skipped += 1
            else:
                yield values

    def _rejected(self, refused: Refused) -> Rejected:
        error = RowError(
            errtyp=refused.fault.code,
            errmsg=refused.said,
            keyvalue=key_text(dict(zip(self.staging.keys, refused.key, strict=True))),
            dberrmsg=refused.words,
        )
        return Rejected(error, self.staging.storable_key(refused.key))
