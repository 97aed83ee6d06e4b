"""What a database's faults mean to the work that met them: one table of codes a database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class Passing(StrEnum):
    """The faults that pass by themselves, so that the same work may be tried again."""

    DEADLOCK = "deadlock"
    SERIALIZATION = "serialization failure"
    LOCK_TIMEOUT = "lock timeout"
    CONNECTION_LOST = "connection lost"
    TOO_MANY_CONNECTIONS = "too many connections"
    RESTARTING = "database restarting"
    SHORT_OF_MEMORY = "short of memory"


class Faults(ABC):
    """Tells faults apart by the database's own codes. A fault of another driver has none."""

    passing_codes: ClassVar[Mapping[str, Passing]]
    """Every code of a fault that passes. What is not in this table is final: never tried again."""

    @classmethod
    @abstractmethod
    def codes(cls, fault: BaseException) -> tuple[str, ...]:
        """What `passing_codes` may call the fault, the most exact first."""

    @classmethod
    def passing(cls, fault: BaseException) -> Passing | None:
        """The class of a fault that passes by itself; None: it is final."""
        known = (cls.passing_codes.get(code) for code in cls.codes(fault))
        return next((one for one in known if one is not None), None)

    def is_passing(self, fault: BaseException) -> bool:
        return self.passing(fault) is not None

    @abstractmethod
    def is_row_fault(self, fault: BaseException) -> bool:
        """Whether a value or a constraint was refused, so that some row is to blame."""

    @abstractmethod
    def is_wrong_statement(self, fault: BaseException) -> bool:
        """Whether the statement itself was refused, whatever rows there are."""

    def message(self, fault: BaseException) -> str:
        """The database's own words, without statement, parameters or URL."""
        return str(cause_of(fault)).strip().split("\n")[0]


def cause_of(fault: BaseException) -> BaseException:
    """The driver's own fault within SQLAlchemy's."""
    return getattr(fault, "orig", None) or fault
