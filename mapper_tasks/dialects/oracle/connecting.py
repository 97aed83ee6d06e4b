"""Sessions: made after a worker's fork, by the thin driver, each speaking plainly and named."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import oracledb
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import registry

from mapper_tasks.dialects.words import reserve

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, Engine

CONNECT_SECONDS = 30.0
MODULE = "mapper"
ARRAY_ROWS = 5_000  # rows a round trip brings; the driver's own 100 makes fifty trips of one

# In every session, so that text forms never depend on a client or a server.
SESSION = (
    "ALTER SESSION SET TIME_ZONE = '+00:00' NLS_CALENDAR = 'GREGORIAN' "
    "NLS_NUMERIC_CHARACTERS = '.,' NLS_SORT = 'BINARY' NLS_COMP = 'BINARY' "
    "NLS_LENGTH_SEMANTICS = 'CHAR' NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS' "
    "NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6' "
    "NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6 TZH:TZM'"
)

# Reserved words that SQLAlchemy does not know of.
WORDS = (  # noqa: SIM905 - words, and no list of strings
    "access add audit column column_value file immediate increment initial maxextents mlslabel "
    "modify nested_table_id noaudit offline online row rowid rownum rows session successful "
    "sysdate validate whenever"
).split()

registry.register("oracle.mapper", "mapper_tasks.dialects.oracle.compiling", "OracleDialect")


def engine_of(url: URL) -> Engine:
    """An engine whose pool is empty until the first use: no session crosses a fork."""
    engine = create_engine(
        _with_service(url).set(drivername="oracle+mapper"),
        pool_pre_ping=True,
        arraysize=ARRAY_ROWS,
        connect_args={"tcp_connect_timeout": CONNECT_SECONDS, "driver_name": MODULE},
    )
    reserve(engine.dialect, WORDS)
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _speak_plainly)
    return engine


def _with_service(url: URL) -> URL:
    """`host/name` means the service of that name, as it does to Oracle's own tools."""
    if not url.database or {"service_name", "sid"} & set(url.query):
        return url
    # SQLAlchemy would take it for a SID.
    named = url.update_query_dict({"service_name": url.database})
    return named._replace(database=None)


def _connect(_dialect: Any, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
    return patiently(lambda: oracledb.connect(*arguments, **options), 2 * CONNECT_SECONDS)


def patiently(connect: Callable[[], Any], seconds: float) -> Any:
    """What `connect` gives, or the driver's own kind of fault when it is silent for so long.

    A listener that accepts and never answers is beyond the driver's timeout. The thread that
    waits for it is left behind, and closes whatever it may still be given.
    """
    attempt = _Attempt(connect)
    attempt.start()
    attempt.join(seconds)
    return attempt.outcome()


class _Attempt(threading.Thread):
    def __init__(self, connect: Callable[[], Any]) -> None:
        super().__init__(name="mapper-oracle-connect", daemon=True)
        self._work = connect
        self._lock = threading.Lock()
        self._given_up = False
        self._connection: Any = None
        self._fault: BaseException | None = None

    def run(self) -> None:
        try:
            connection = self._work()
        except Exception as fault:  # noqa: BLE001 - raised where somebody waits for it
            self._fault = fault
            return
        with self._lock:
            self._connection = connection
            late = self._given_up
        if late:
            connection.close()

    def outcome(self) -> Any:
        with self._lock:
            self._given_up = self._connection is None
        if isinstance(self._fault, OSError):  # such as a host name that nobody knows
            raise oracledb.OperationalError(f"DPY-6005: cannot connect: {self._fault}")
        if self._fault is not None:
            raise self._fault
        if self._connection is None:
            raise oracledb.OperationalError("DPY-6005: cannot connect: the listener is silent")
        return self._connection


def _speak_plainly(connection: Any, _record: Any) -> None:
    connection.module = MODULE
    connection.outputtypehandler = exact(connection.outputtypehandler)
    with connection.cursor() as cursor:
        cursor.execute(SESSION)


def exact(otherwise: Any) -> Any:
    """The type handler that reads every number exactly, and all else as `otherwise` does."""

    def handle(cursor: Any, metadata: Any) -> Any:
        if metadata.type_code is not oracledb.DB_TYPE_NUMBER:
            return otherwise(
                cursor,
                metadata.name,
                metadata.type_code,
                metadata.display_size,
                metadata.precision,
                metadata.scale,
            )
        if metadata.precision and metadata.scale == 0:
            return None
        return cursor.var(str, 255, cursor.arraysize, outconverter=_number)

    return handle


def _number(text: str) -> Any:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() and "." not in text else value
