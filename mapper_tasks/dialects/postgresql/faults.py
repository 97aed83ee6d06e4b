"""PostgreSQL's faults, told apart by their SQLSTATE."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import psycopg

from mapper_tasks.dialects.faults import Faults, Passing, cause_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_STATE = "no state"  # the server was not reached, or did not let anybody in

PASSING: Mapping[str, Passing] = {
    "40P01": Passing.DEADLOCK,
    "40001": Passing.SERIALIZATION,
    "55P03": Passing.LOCK_TIMEOUT,  # lock_not_available
    "08": Passing.CONNECTION_LOST,
    NO_STATE: Passing.CONNECTION_LOST,
    "53300": Passing.TOO_MANY_CONNECTIONS,
    "57P01": Passing.RESTARTING,  # admin_shutdown, and pg_terminate_backend
    "57P02": Passing.RESTARTING,  # crash_shutdown
    "57P03": Passing.RESTARTING,  # cannot_connect_now
    "53200": Passing.SHORT_OF_MEMORY,
}
ROWS = ("22", "23", "P0001")
STATEMENTS = ("42", "25006")  # 25006: it writes where only reading is allowed

# The driver has no state for a login that failed, only the server's words. Where those are not
# in English such a fault counts as one that passes, and costs its attempts.
_LOGIN_CODES = {
    "too many clients": "53300",
    "too many connections": "53300",
    "connection slots are reserved": "53300",
    "the database system is": "57P03",  # starting up, shutting down, in recovery mode
}
_FINAL_LOGINS = (
    "authentication failed",
    "does not exist",
    "no password supplied",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "is not permitted to log in",
    "permission denied for database",
    "certificate verify failed",
    "server does not support SSL",
    "is not currently accepting connections",
)


class PostgreSQLFaults(Faults):
    """The first two characters of a state are its class."""

    passing_codes: ClassVar[Mapping[str, Passing]] = PASSING

    @classmethod
    def codes(cls, fault: BaseException) -> tuple[str, ...]:
        state = sqlstate(fault)
        if state is not None:
            return state, state[:2]
        cause = cause_of(fault)
        return _codes_of_login(str(cause)) if isinstance(cause, psycopg.OperationalError) else ()

    def is_row_fault(self, fault: BaseException) -> bool:
        return (sqlstate(fault) or "").startswith(ROWS)

    def is_wrong_statement(self, fault: BaseException) -> bool:
        return (sqlstate(fault) or "").startswith(STATEMENTS)

    def message(self, fault: BaseException) -> str:
        said = getattr(getattr(cause_of(fault), "diag", None), "message_primary", None)
        return str(said) if said else super().message(fault)


def sqlstate(fault: BaseException) -> str | None:
    return getattr(cause_of(fault), "sqlstate", None)


def _codes_of_login(said: str) -> tuple[str, ...]:
    if any(words in said for words in _FINAL_LOGINS):
        return ()
    found = [code for words, code in _LOGIN_CODES.items() if words in said]
    return (*found, NO_STATE)
