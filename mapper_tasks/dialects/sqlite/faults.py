"""SQLite's faults, told apart by their codes, and by their words where the code is the same."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.dialects.faults import Faults, Passing, cause_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSING: Mapping[str, Passing] = {
    str(sqlite3.SQLITE_BUSY): Passing.LOCK_TIMEOUT,  # another process writes
    str(sqlite3.SQLITE_LOCKED): Passing.LOCK_TIMEOUT,
    str(sqlite3.SQLITE_PROTOCOL): Passing.LOCK_TIMEOUT,  # too often another was quicker to lock
}
ROWS = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG)
# Reported under the code of a wrong statement.
_WORDS_OF_VALUES = ("integer overflow", "malformed JSON", "user-defined function raised")


class SQLiteFaults(Faults):
    """The low byte of a code is its class: SQLITE_BUSY_SNAPSHOT is a kind of SQLITE_BUSY."""

    passing_codes: ClassVar[Mapping[str, Passing]] = PASSING

    @classmethod
    def codes(cls, fault: BaseException) -> tuple[str, ...]:
        code = _code(fault)
        return () if code is None else (str(code), str(code & 0xFF))

    def is_row_fault(self, fault: BaseException) -> bool:
        return is_of_value(fault)

    def is_wrong_statement(self, fault: BaseException) -> bool:
        return _code(fault) == sqlite3.SQLITE_ERROR and not is_of_value(fault)


def is_of_value(fault: BaseException) -> bool:
    """Whether some value is to blame, and not the statement."""
    cause, code = cause_of(fault), _code(fault)
    if isinstance(cause, (OverflowError, sqlite3.IntegrityError, sqlite3.DataError)):
        return True
    if str(cause).startswith(_WORDS_OF_VALUES):
        return True
    return code is not None and code & 0xFF in ROWS


def _code(fault: BaseException) -> int | None:
    return getattr(cause_of(fault), "sqlite_errorcode", None)
