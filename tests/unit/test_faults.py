"""Which faults pass by themselves: by the table of each database, and by nothing else."""

from __future__ import annotations

import sqlite3

import psycopg
import pymysql
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from mapper_tasks.dialects import Passing, passing
from mapper_tasks.dialects.opening import DIALECTS, FAULTS


def wrapped(fault):
    return OperationalError("UPDATE t", {}, fault)


def of_sqlite(code):
    fault = sqlite3.OperationalError("said")
    fault.sqlite_errorcode = code
    return wrapped(fault)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (psycopg.errors.DeadlockDetected("x"), Passing.DEADLOCK),
        (psycopg.errors.SerializationFailure("x"), Passing.SERIALIZATION),
        (psycopg.errors.LockNotAvailable("x"), Passing.LOCK_TIMEOUT),
        (psycopg.errors.ConnectionFailure("x"), Passing.CONNECTION_LOST),
        (psycopg.errors.TooManyConnections("x"), Passing.TOO_MANY_CONNECTIONS),
        (psycopg.errors.AdminShutdown("x"), Passing.RESTARTING),
        (psycopg.errors.CannotConnectNow("x"), Passing.RESTARTING),
        (psycopg.OperationalError("the connection is closed"), Passing.CONNECTION_LOST),
        (psycopg.OperationalError("sorry, too many clients already"), Passing.TOO_MANY_CONNECTIONS),
        (psycopg.OperationalError("the database system is starting up"), Passing.RESTARTING),
        (psycopg.OperationalError("password authentication failed for user"), None),
        (psycopg.OperationalError('FATAL: database "x" does not exist'), None),
        (psycopg.errors.InvalidCatalogName("x"), None),
        (psycopg.errors.DatabaseDropped("x"), None),
        (psycopg.errors.DiskFull("x"), None),
        (psycopg.errors.QueryCanceled("x"), None),
        (psycopg.errors.UniqueViolation("x"), None),
        (psycopg.errors.UndefinedTable("x"), None),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), None),
    ],
)
def test_postgresql_is_read_by_its_state(fault, expected):
    assert passing(wrapped(fault)) is expected
    assert passing(fault) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, Passing.LOCK_TIMEOUT),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Passing.LOCK_TIMEOUT),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, Passing.LOCK_TIMEOUT),
        (sqlite3.SQLITE_FULL, None),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, None),
        (sqlite3.SQLITE_ERROR, None),
    ],
)
def test_sqlite_is_read_by_its_code(code, expected):
    assert passing(of_sqlite(code)) is expected


@pytest.mark.parametrize(
    ("number", "words", "expected"),
    [
        (1213, "Deadlock found when trying to get lock", Passing.DEADLOCK),
        (1305, "SAVEPOINT sa_savepoint_1 does not exist", Passing.DEADLOCK),
        (1305, "FUNCTION shop.rate does not exist", None),
        (1205, "Lock wait timeout exceeded", Passing.LOCK_TIMEOUT),
        (2013, "Lost connection to server during query", Passing.CONNECTION_LOST),
        (2003, "Can't connect to MySQL server", Passing.CONNECTION_LOST),
        (1040, "Too many connections", Passing.TOO_MANY_CONNECTIONS),
        (1053, "Server shutdown in progress", Passing.RESTARTING),
        (1045, "Access denied", None),
        (1049, "Unknown database", None),
        (1317, "Query execution was interrupted", None),
        (1062, "Duplicate entry", None),
    ],
)
def test_mariadb_is_read_by_its_number(number, words, expected):
    assert passing(wrapped(pymysql.err.OperationalError(number, words))) is expected


@pytest.mark.parametrize("fault", [ValueError("deadlock"), DBAPIError("x", {}, OSError("40001"))])
def test_what_no_table_knows_is_final(fault):
    assert passing(fault) is None


def test_every_database_has_a_table():
    for name, kind in DIALECTS.items():
        assert issubclass(kind(), FAULTS), name
        assert kind().passing_codes, name
        assert set(kind().passing_codes.values()) <= set(Passing), name
