"""MariaDB's and MySQL's faults, told apart by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.dialects.faults import Faults, Passing, cause_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DRIVER = "pymysql"
NO_SAVEPOINT = "no savepoint"

PASSING: Mapping[str, Passing] = {
    "1213": Passing.DEADLOCK,
    NO_SAVEPOINT: Passing.DEADLOCK,  # it took the whole transaction, savepoints and all
    "1020": Passing.SERIALIZATION,  # the record has changed since it was read
    "1412": Passing.SERIALIZATION,  # the table has
    "1205": Passing.LOCK_TIMEOUT,
    "1158": Passing.CONNECTION_LOST,
    "1159": Passing.CONNECTION_LOST,
    "1160": Passing.CONNECTION_LOST,
    "1161": Passing.CONNECTION_LOST,
    "1927": Passing.CONNECTION_LOST,  # killed
    "2002": Passing.CONNECTION_LOST,
    "2003": Passing.CONNECTION_LOST,
    "2006": Passing.CONNECTION_LOST,
    "2013": Passing.CONNECTION_LOST,
    "2055": Passing.CONNECTION_LOST,
    "4031": Passing.CONNECTION_LOST,  # MySQL has ended a session that was idle
    "0": Passing.CONNECTION_LOST,  # the driver's word for a connection that is closed
    "1040": Passing.TOO_MANY_CONNECTIONS,
    "1203": Passing.TOO_MANY_CONNECTIONS,
    "1226": Passing.TOO_MANY_CONNECTIONS,  # of this login
    "1053": Passing.RESTARTING,
    "1037": Passing.SHORT_OF_MEMORY,
    "1038": Passing.SHORT_OF_MEMORY,
    "1041": Passing.SHORT_OF_MEMORY,
    "1206": Passing.SHORT_OF_MEMORY,  # for locks
}
ROWS = frozenset(
    {
        *(1022, 1062, 1586),  # duplicates
        *(1048, 1364),  # NULL
        *(1264, 1265, 1292, 1300, 1366, 1367, 1406, 1411, 1441, 1690),  # values of a type
        *(1216, 1217, 1451, 1452),  # foreign keys
        *(3819, 4025),  # CHECK, on MySQL and on MariaDB
        1242,  # a subquery gives more than one row
        1365,  # division by zero
        1526,  # no partition takes it
        1644,  # a trigger raised it
        *range(3140, 3158),  # no JSON, on MySQL
    }
)
# In no table, so final and no statement's fault: refused logins and databases (1044, 1045),
# what somebody or a time limit has ended (1317, 1969), a server that only reads (1290), full disks
# (1021, 1114).
STATEMENTS = frozenset(
    {
        *(1046, 1049, 1051, 1052, 1054, 1055, 1056, 1060, 1064, 1066, 1109, 1110, 1111, 1112),
        *(1136, 1140, 1142, 1143, 1146, 1149, 1222, 1241, 1247, 1248, 1305, 1318, 1327, 1370),
        *(1582, 1583, 1584, 1630, 4002, 4078, 4161),
        1792,  # it writes where only reading is allowed
    }
)
_NOT_THERE = 1305  # a function, or a savepoint


class MariaDBFaults(Faults):
    """Numbers below 2000 and from 3000 are the server's, those between the driver's."""

    passing_codes: ClassVar[Mapping[str, Passing]] = PASSING

    @classmethod
    def codes(cls, fault: BaseException) -> tuple[str, ...]:
        number = number_of(fault)
        if number is None:
            return ()
        if number == _NOT_THERE and words_of(fault).startswith("SAVEPOINT"):
            return (NO_SAVEPOINT,)
        return (str(number),)

    def is_row_fault(self, fault: BaseException) -> bool:
        return number_of(fault) in ROWS

    def is_wrong_statement(self, fault: BaseException) -> bool:
        return number_of(fault) in STATEMENTS and not self.is_passing(fault)

    def message(self, fault: BaseException) -> str:
        return words_of(fault).strip().split("\n")[0]


def number_of(fault: BaseException) -> int | None:
    """The fault's number; None: it is of another driver."""
    cause = cause_of(fault)
    if not type(cause).__module__.startswith(DRIVER):
        return None
    first = cause.args[0] if cause.args else None
    return first if isinstance(first, int) else None


def words_of(fault: BaseException) -> str:
    arguments = cause_of(fault).args
    return str(arguments[1] if len(arguments) > 1 else cause_of(fault))
