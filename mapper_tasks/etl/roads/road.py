"""The seam: a way for the rows of a slice into a temporary table of the target."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Select

    from mapper_tasks.etl.staging import Filled, Landing, Staging
    from mapper_tasks.model.shape import ColumnShape


class Road(ABC):
    """A way into the stage. It may stage fewer rows than it read, if it says how many and why."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging

    @classmethod
    @abstractmethod
    def is_open(cls, staging: Staging) -> bool:
        """Whether the job can take this road between these two databases."""

    @abstractmethod
    def rows(self, landing: Landing) -> Select[Any]:
        """What this road reads from the source for the slice."""

    @abstractmethod
    def fill(self, landing: Landing) -> Filled:
        """Bring the slice's rows into the landing. Raises what the databases raise."""

    @abstractmethod
    def raw_shapes(self) -> dict[str, ColumnShape]:
        """The columns of a raw landing for the mapped columns and mp_eff, by name."""
