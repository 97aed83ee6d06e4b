"""Oracle's moments: the past has numbers (SCN), and undo keeps it readable for a while.

A source query is any SELECT, so its tables cannot be given AS OF SCN one by one: the session is
set back as a whole. That takes EXECUTE on DBMS_FLASHBACK.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects.moments import KeptMoment, Moments
from mapper_tasks.dialects.oracle import faults
from mapper_tasks.dialects.oracle.compiling import ONLY_READS
from mapper_tasks.model.errors import MomentGone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

PRESENT = text("SELECT DBMS_FLASHBACK.GET_SYSTEM_CHANGE_NUMBER FROM dual")
GO_BACK = text("BEGIN DBMS_FLASHBACK.ENABLE_AT_SYSTEM_CHANGE_NUMBER(:scn); END;")
COME_BACK = text("BEGIN DBMS_FLASHBACK.DISABLE; END;")

# The snapshot is too old, or lies before a table had its present shape.
_GONE = frozenset({"ORA-01555", "ORA-01466", "ORA-08180", "ORA-08181"})


class OracleMoments(Moments):
    """Nobody has to keep a moment; undo retention decides how long it lasts."""

    shares_moments: ClassVar[bool] = True
    name: str
    engine: Engine

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]: ...

    @contextmanager
    def keeping_moment(self) -> Iterator[KeptMoment]:
        with self.reading() as reader:
            number = int(reader.execute(PRESENT).scalar_one())
        yield KeptMoment(str(number), lambda: None)

    @contextmanager
    def reading_at(self, moment: str) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            reader = connection.execution_options(**{ONLY_READS: True})
            try:
                reader.execute(GO_BACK, {"scn": int(moment)})
                yield reader
            except DBAPIError as fault:
                if faults.code_of(fault) not in _GONE:
                    raise
                raise MomentGone(f"connection {self.name!r}: {self._words(fault)}") from fault
            finally:
                self._return(reader)

    def _return(self, reader: Connection) -> None:
        """The session goes back to its pool in the present, or not at all."""
        try:
            reader.rollback()
            reader.execute(COME_BACK)
        except DBAPIError:
            reader.invalidate()

    def _words(self, fault: DBAPIError) -> str:
        return str(fault.orig).split("\n", maxsplit=1)[0]
