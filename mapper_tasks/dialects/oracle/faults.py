"""Oracle's faults, told apart by their codes: those of the server (ORA) and the driver's (DPY)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import oracledb

from mapper_tasks.dialects.faults import Faults, Passing, cause_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSING: Mapping[str, Passing] = {
    "ORA-00060": Passing.DEADLOCK,
    "ORA-04020": Passing.DEADLOCK,  # over an object of the library cache
    "ORA-08177": Passing.SERIALIZATION,
    "ORA-08176": Passing.SERIALIZATION,  # no undo for a consistent read of what was rebuilt
    "ORA-01555": Passing.SERIALIZATION,  # snapshot too old
    "ORA-08103": Passing.SERIALIZATION,  # the object was truncated or moved meanwhile
    "ORA-00051": Passing.LOCK_TIMEOUT,
    "ORA-00054": Passing.LOCK_TIMEOUT,  # busy, and NOWAIT
    "ORA-02049": Passing.LOCK_TIMEOUT,  # distributed
    "ORA-04021": Passing.LOCK_TIMEOUT,  # over an object
    "ORA-30006": Passing.LOCK_TIMEOUT,  # WAIT ran out
    "ORA-01013": Passing.LOCK_TIMEOUT,  # cancelled
    "DPY-4024": Passing.LOCK_TIMEOUT,  # the call took longer than it was given
    "DPY-1001": Passing.CONNECTION_LOST,
    "DPY-4011": Passing.CONNECTION_LOST,
    # The driver says DPY-6005 of every connection that cannot be made, and isrecoverable of none.
    "DPY-6000": Passing.CONNECTION_LOST,
    "DPY-6001": Passing.CONNECTION_LOST,  # the listener does not know the service (yet)
    "DPY-6003": Passing.CONNECTION_LOST,  # ... nor the SID
    "DPY-6005": Passing.CONNECTION_LOST,
    "ORA-00028": Passing.CONNECTION_LOST,  # the session was killed
    "ORA-01012": Passing.CONNECTION_LOST,
    "ORA-02396": Passing.CONNECTION_LOST,  # idle for too long
    "ORA-03113": Passing.CONNECTION_LOST,
    "ORA-03114": Passing.CONNECTION_LOST,
    "ORA-03135": Passing.CONNECTION_LOST,
    "ORA-12153": Passing.CONNECTION_LOST,
    "ORA-12170": Passing.CONNECTION_LOST,
    "ORA-12537": Passing.CONNECTION_LOST,
    "ORA-12541": Passing.CONNECTION_LOST,  # no listener
    "ORA-12547": Passing.CONNECTION_LOST,
    "ORA-12570": Passing.CONNECTION_LOST,
    "ORA-12571": Passing.CONNECTION_LOST,
    "ORA-12583": Passing.CONNECTION_LOST,
    "ORA-25401": Passing.CONNECTION_LOST,  # failed over in the middle of a fetch
    "ORA-25402": Passing.CONNECTION_LOST,  # ... of a transaction
    "ORA-25408": Passing.CONNECTION_LOST,  # ... of a call
    "ORA-00018": Passing.TOO_MANY_CONNECTIONS,
    "ORA-00020": Passing.TOO_MANY_CONNECTIONS,
    "ORA-12516": Passing.TOO_MANY_CONNECTIONS,  # no handler of the listener is free
    "ORA-12518": Passing.TOO_MANY_CONNECTIONS,
    "ORA-12519": Passing.TOO_MANY_CONNECTIONS,
    "ORA-12520": Passing.TOO_MANY_CONNECTIONS,
    "ORA-01033": Passing.RESTARTING,
    "ORA-01034": Passing.RESTARTING,
    "ORA-01089": Passing.RESTARTING,
    "ORA-01090": Passing.RESTARTING,
    "ORA-01092": Passing.RESTARTING,
    "ORA-01109": Passing.RESTARTING,  # not open
    "ORA-12514": Passing.RESTARTING,  # the service is not there (yet)
    "ORA-12526": Passing.RESTARTING,  # restricted
    "ORA-12527": Passing.RESTARTING,
    "ORA-12528": Passing.RESTARTING,  # blocking new connections
    "ORA-04031": Passing.SHORT_OF_MEMORY,
    "ORA-04030": Passing.SHORT_OF_MEMORY,
    "ORA-01652": Passing.SHORT_OF_MEMORY,  # no room for what is temporary
}

# A value, a constraint, a trigger: some row is to blame.
ROW = frozenset(
    {
        "DPY-3002",  # the driver cannot send such a value
        "DPY-3013",
        "DPY-4003",  # a number that Oracle cannot hold
        "DPY-4004",
        "ORA-00001",  # unique
        "ORA-01400",  # NULL
        "ORA-01401",
        "ORA-01407",  # NULL by an update
        "ORA-01426",  # numeric overflow
        "ORA-01428",  # argument out of range
        "ORA-01438",  # precision
        "ORA-01461",
        "ORA-01465",  # hex digits
        "ORA-01476",  # division by zero
        "ORA-01489",  # concatenation too long
        "ORA-01722",  # no number
        "ORA-02290",  # CHECK
        "ORA-02291",  # no parent
        "ORA-02292",  # children
        "ORA-06502",  # PL/SQL value
        "ORA-12899",  # too long
        "ORA-12713",  # characters that the other character set has not
        "ORA-22835",  # a LOB too long for its use
        "ORA-24816",  # longer than any VARCHAR2, and bound beside a LOB
        "ORA-29275",  # half a character
        "ORA-40441",  # JSON
    }
)
_ROW_RANGES = ((1830, 1899), (20000, 20999))  # dates and times; what triggers raise
_STATEMENT_RANGES = ((900, 999), (1031, 1031), (1747, 1799), (30480, 30490))

_CODE = re.compile(r"\b(ORA|DPY)-(\d{4,5})\b")


class OracleFaults(Faults):
    """The first code of a message decides; what follows it tells where."""

    passing_codes: ClassVar[Mapping[str, Passing]] = PASSING

    @classmethod
    def codes(cls, fault: BaseException) -> tuple[str, ...]:
        code = code_of(fault)
        return () if code is None else (code,)

    def is_row_fault(self, fault: BaseException) -> bool:
        code = code_of(fault)
        return code is not None and (code in ROW or _within(code, _ROW_RANGES))

    def is_wrong_statement(self, fault: BaseException) -> bool:
        code = code_of(fault)
        return code is not None and _within(code, _STATEMENT_RANGES)


def code_of(fault: BaseException) -> str | None:
    """`ORA-01722` of the driver's own fault within SQLAlchemy's; None: it is none of Oracle's."""
    cause = cause_of(fault)
    if not isinstance(cause, oracledb.Error):
        return None
    code = getattr(cause.args[0] if cause.args else None, "full_code", None)
    found = _CODE.search(str(code or cause))
    return found[0] if found else None


def _within(code: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    kind, _, number = code.partition("-")
    return kind == "ORA" and any(low <= int(number) <= high for low, high in ranges)


def row_condition() -> str:
    """Whether SQLCODE is a row fault, for a PL/SQL block."""
    numbers = sorted(int(code[4:]) for code in ROW if code.startswith("ORA"))
    listed = ", ".join(f"-{number}" for number in numbers)
    ranges = [f"SQLCODE BETWEEN -{high} AND -{low}" for low, high in _ROW_RANGES]
    return " OR ".join([f"SQLCODE IN ({listed})", *ranges])
