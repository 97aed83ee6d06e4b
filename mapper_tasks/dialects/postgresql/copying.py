"""COPY from one PostgreSQL to another: bytes that Python joins to blocks and never looks into."""

from __future__ import annotations

from contextlib import contextmanager
from select import select as ready
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import generators, pq
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Executable

BLOCK_BYTES = 128 * 1024  # row-sized writes cost 40 %
PATIENCE_SECONDS = 1.0  # between looks at whether the work is still wanted


def rendered(connection: Connection, statement: Executable) -> str:
    """The statement with its parameters in it: COPY and DO take none."""
    compiled: Any = statement.compile(  # type: ignore[attr-defined]
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    cursor = psycopg.ClientCursor(driver_of(connection))
    return cursor.mogrify(compiled.string, compiled.params)


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    driver: Any = connection.connection.driver_connection
    return driver  # type: ignore[no-any-return]


@contextmanager
def as_sqlalchemy(driver: psycopg.Connection[Any]) -> Iterator[None]:
    """Faults of the bare driver in the wrapping that everything else raises."""
    try:
        yield
    except psycopg.Error as fault:
        raise DBAPIError(
            None, None, fault, connection_invalidated=driver.closed or driver.broken
        ) from fault


def pipe(
    reader: Connection, copy_out: str, writer: Connection, copy_in: str, check: Callable[[], None]
) -> int:
    """Join the two COPY statements; the number of rows that went through."""
    source, target = driver_of(reader), driver_of(writer)
    with as_sqlalchemy(target), target.cursor() as cursor:
        with cursor.copy(copy_in) as sink, as_sqlalchemy(source):
            for block in _blocks(source, copy_out, check):
                sink.write(block)
        return cursor.rowcount


def _blocks(
    driver: psycopg.Connection[Any], copy_out: str, check: Callable[[], None]
) -> Iterator[bytes]:
    _begin(driver, copy_out)
    rows: list[bytes] = []
    size = 0
    try:
        while row := _next_row(driver.pgconn, check):
            rows.append(row)
            size += len(row)
            if size >= BLOCK_BYTES:
                check()
                yield b"".join(rows)
                rows, size = [], 0
    except BaseException:
        _abandon(driver)
        raise
    _end(driver)
    yield b"".join(rows)


def _begin(driver: psycopg.Connection[Any], copy_out: str) -> None:
    driver.pgconn.send_query(copy_out.encode())
    answer = driver.wait(generators.execute(driver.pgconn))[-1]
    if answer.status != pq.ExecStatus.COPY_OUT:
        raise psycopg.errors.error_from_result(answer)


def _next_row(pgconn: pq.abc.PGconn, check: Callable[[], None]) -> bytes:
    """The next row's bytes; empty at the end."""
    while True:
        size, row = pgconn.get_copy_data(1)
        if size > 0:
            return bytes(row)
        if size < 0:
            return b""
        if ready([pgconn.socket], [], [], PATIENCE_SECONDS)[0]:
            pgconn.consume_input()
        else:
            check()


def _end(driver: psycopg.Connection[Any]) -> None:
    answer = driver.wait(generators.fetch_many(driver.pgconn))[-1]
    if answer.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(answer)


def _abandon(driver: psycopg.Connection[Any]) -> None:
    """End a COPY that nobody reads on, so that its connection can be rolled back."""
    if driver.closed:
        return
    driver.cancel_safe()
    while _next_row(driver.pgconn, lambda: None):
        pass
    driver.wait(generators.fetch_many(driver.pgconn))
