"""When two values of a column are the same, and what stands for a value that is large."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape


class Equality(ABC):
    """The side of a Database that compares."""

    @abstractmethod
    def comparable(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        """`value` in a form that has equality, for types that have none themselves."""

    def differ(
        self, left: ColumnElement[Any], right: ColumnElement[Any], column: ColumnShape
    ) -> ColumnElement[bool]:
        """Whether two comparable values of `column` differ, NULL being equal to NULL."""
        del column
        return left.is_distinct_from(right)

    def short(self, value: ColumnElement[Any], column: ColumnShape) -> ColumnElement[Any]:
        """What stands for a value where rows are looked back at, and in `digest`.

        It is equal where the values are. By default the value itself.
        """
        del column
        return value

    def short_type(self, column: ColumnShape) -> str:
        """The type of what `short` gives."""
        return column.sql_type

    @abstractmethod
    def digest(self, values: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        """32 hex digits over values, encoded so that no two lists of values share a text."""
