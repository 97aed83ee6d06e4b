"""SQLite's faults, told apart by their codes, and by their words where the code is the same."""

from __future__ import annotations

import sqlite3

PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_OF_VALUES = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG)
# Reported under the code of a wrong statement.
_WORDS_OF_VALUES = ("integer overflow", "malformed JSON", "user-defined function raised")


def cause_of(fault: BaseException) -> BaseException:
    """The driver's own fault within SQLAlchemy's."""
    return getattr(fault, "orig", None) or fault


def code_of(fault: BaseException) -> int | None:
    return getattr(cause_of(fault), "sqlite_errorcode", None)


def is_passing(fault: BaseException) -> bool:
    code = code_of(fault)
    return code is not None and code & 0xFF in PASSING


def is_of_value(fault: BaseException) -> bool:
    """Whether some value is to blame, and not the statement."""
    cause, code = cause_of(fault), code_of(fault)
    if isinstance(cause, (OverflowError, sqlite3.IntegrityError, sqlite3.DataError)):
        return True
    if str(cause).startswith(_WORDS_OF_VALUES):
        return True
    return code is not None and code & 0xFF in _OF_VALUES


def is_of_statement(fault: BaseException) -> bool:
    return code_of(fault) == sqlite3.SQLITE_ERROR and not is_of_value(fault)
