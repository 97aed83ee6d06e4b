"""Column types of the ledger, and the ledger's own clock: what databases spell differently."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Identity, Integer, Text, literal
from sqlalchemy.dialects import mysql, oracle
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler

Number = BigInteger
# SQLite numbers rows by itself only where the type is exactly INTEGER.
Id = BigInteger().with_variant(Integer(), "sqlite")
# Where a server's own default would compare names without regard to case, or lose rows.
TABLE_OPTIONS: dict[str, Any] = {
    f"{server}_{option}": value
    for server in ("mysql", "mariadb")
    for option, value in {
        "engine": "InnoDB",
        "default_charset": "utf8mb4",
        "collate": "utf8mb4_bin",
    }.items()
}
# The newest has the greatest number, on Oracle also where several servers give them out.
Numbered = partial(Identity, oracle_order=True)
LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


class Moment(TypeDecorator[datetime]):
    """A time in UTC: aware in Python, without a zone in the database."""

    impl = (
        DateTime()
        .with_variant(oracle.TIMESTAMP(), "oracle")
        .with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    )
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Json(TypeDecorator[Any]):
    """JSON as text, the same on every database."""

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        del dialect
        return None if value is None else json.loads(value)


class Message(TypeDecorator[str]):
    """Text from anywhere, such as a driver's message: what no database stores is escaped."""

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


class LedgerNow(FunctionElement[datetime]):
    """The ledger database's clock in UTC, `seconds` from now. The only clock of claims."""

    type = Moment()
    inherit_cache = True

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(literal(float(seconds)))


@compiles(LedgerNow, "postgresql")
def _now_on_postgresql(element: LedgerNow, compiler: SQLCompiler, **kw: Any) -> str:
    # Not now(): that is when the transaction began, perhaps before a long wait for a lock.
    seconds = compiler.process(element.clauses, **kw)
    return f"((clock_timestamp() AT TIME ZONE 'UTC') + make_interval(secs => {seconds}))"


@compiles(LedgerNow, "sqlite")
def _now_on_sqlite(element: LedgerNow, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime('%Y-%m-%d %H:%M:%f', 'now', {seconds} || ' seconds')"


@compiles(LedgerNow, "mysql")
@compiles(LedgerNow, "mariadb")
def _now_on_mariadb(element: LedgerNow, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND)"


@compiles(LedgerNow, "oracle")
def _now_on_oracle(element: LedgerNow, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL({seconds}, 'SECOND'))"
