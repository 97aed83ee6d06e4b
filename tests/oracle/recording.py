"""The real dialect over the real driver's signatures, with a script in the place of a server.

Nothing here knows Oracle. Every call that the driver gets is checked against the installed one by
`create_autospec`; each statement is written down, and answered as the scene says. What a server
would make of the statements is another question: see docs/databases.md.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from unittest.mock import create_autospec, patch

import oracledb
from sqlalchemy import event, make_url

from mapper_tasks.dialects.oracle.database import Oracle

URL = "oracle+oracledb://scott:tiger@db.example/WAREHOUSE"
# What SQLAlchemy and a session ask once, which is no statement of ours.
ONCE = re.compile(
    r"^SELECT 1 FROM DUAL$|sys_context\( 'userenv', 'current_schema'|SELECT 1\.1|^ALTER SESSION",
    re.IGNORECASE,
)
ANSWERED_ONCE = [(r"current_schema' \)", [("DW",)]), (r"SELECT 1\.1", [("1.1",)])]


@dataclass
class Scene:
    """What is answered, by the first pattern that is found in a statement; and what was said.

    An answer is a list of rows, or of dicts where the statement's columns are read by name. A
    statement without one gets a 1 where it asks for a single value, and else no row.
    """

    answers: list = field(default_factory=list)
    faults: dict = field(default_factory=dict)  # pattern -> code, each once
    said: list = field(default_factory=list)

    def answer(self, sql, width):
        for pattern, rows in [*ANSWERED_ONCE, *self.answers]:
            if re.search(pattern, sql, re.DOTALL):
                return rows(sql) if callable(rows) else rows
        return [(1,)] if width == 1 else []

    def refuse(self, sql):
        for pattern, code in list(self.faults.items()):
            if re.search(pattern, sql, re.DOTALL):
                del self.faults[pattern]
                raise oracledb.DatabaseError(f"{code}: refused by the scene")

    @property
    def statements(self):
        """As they were sent, but for those that a session begins with."""
        return [sql for sql in self.said if not ONCE.search(sql)]


def describe(name, kind, *, precision=0, scale=0, size=0, null_ok=True):
    """One column as the driver's cursor tells of it."""
    return SimpleNamespace(
        name=name,
        type_code=kind,
        precision=precision,
        scale=scale,
        display_size=size,
        internal_size=size,
        null_ok=null_ok,
    )


class Column(tuple):
    """A description that is a tuple, as PEP 249 has it, with the driver's attributes."""

    __slots__ = ()

    def __new__(cls, one):
        return super().__new__(
            cls,
            (
                one.name,
                one.type_code,
                one.display_size,
                one.internal_size,
                one.precision,
                one.scale,
                one.null_ok,
            ),
        )

    name = property(lambda self: self[0])
    type_code = property(lambda self: self[1])
    display_size = property(lambda self: self[2])
    internal_size = property(lambda self: self[3])
    precision = property(lambda self: self[4])
    scale = property(lambda self: self[5])
    null_ok = property(lambda self: self[6])


class Described(list):
    """An answer of no rows whose columns are these."""


@contextmanager
def on_stage(scene):
    """Every session that the driver is asked for is one of the scene."""
    connect = create_autospec(oracledb.connect, side_effect=lambda *_, **__: connection(scene))
    with patch.object(oracledb, "connect", connect):
        yield connect


def database(name="warehouse"):
    opened = Oracle.open(name, make_url(URL))
    event.listen(opened.engine, "before_cursor_execute", _note_width)
    return opened


def _note_width(_connection, cursor, _statement, _parameters, context, _many):
    compiled = getattr(context, "compiled", None)
    columns = getattr(compiled, "_result_columns", None)
    cursor.mapper_columns = [one.keyname for one in columns] if columns else None


def connection(scene):
    one = create_autospec(oracledb.Connection, instance=True)
    one.version = "19.0.0.0.0"
    one.max_identifier_length = 128
    one.outputtypehandler = None
    one.call_timeout = 0
    one.is_healthy.return_value = True
    one.cursor.side_effect = lambda *_, **__: cursor(scene)
    one.fetch_df_batches.side_effect = lambda sql, *_, **__: batches(scene, sql)
    return one


def batches(scene, sql):
    scene.said.append(sql)
    batch = create_autospec(oracledb.DataFrame, instance=True)
    batch.num_rows.return_value = 1
    return iter([batch])


IDLE = []  # cursors that were closed: to make one takes 25 ms


def cursor(scene):
    one = IDLE.pop() if IDLE else create_autospec(oracledb.Cursor, instance=True)
    one.description, one.rowcount, one.mapper_columns = None, 1, None
    one.__enter__.return_value = one
    rows = []

    def close(*_):
        if one not in IDLE:
            IDLE.append(one)

    def execute(sql, *_, **__):
        scene.said.append(sql)
        scene.refuse(sql)
        columns = one.mapper_columns
        one.mapper_columns = None
        if not re.match(r"\s*(SELECT|WITH)\b", sql, re.IGNORECASE):
            one.description = None
            return
        found = scene.answer(sql, len(columns) if columns else 1)
        one.description, found = _described(columns, found)
        rows[:] = found

    def fetch(count=None):
        taken, rows[:] = rows[:count], [] if count is None else rows[count:]
        return taken

    one.close.side_effect = one.__exit__.side_effect = close
    one.__exit__.return_value = None
    one.execute.side_effect = execute
    one.executemany.side_effect = lambda sql, *_, **__: scene.said.append(sql)
    one.fetchall.side_effect = fetch
    one.fetchmany.side_effect = lambda size=None, **_: fetch(size or 100)
    one.fetchone.side_effect = lambda: next(iter(fetch(1)), None)
    return one


def _described(columns, found):
    if isinstance(found, Described):
        return [Column(one) for one in found], []
    if found and isinstance(found[0], dict):
        columns = [name.upper() for name in found[0]]
        found = [tuple(row.values()) for row in found]
    names = columns or [f"C{place}" for place in range(len(found[0]) if found else 1)]
    kind = oracledb.DB_TYPE_VARCHAR
    return [Column(describe(name.upper(), kind, size=1)) for name in names], list(found)
