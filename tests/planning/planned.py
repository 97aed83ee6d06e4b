"""Tables with the keys of a test on both sides, the job between them, and its plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import event, select, text

from mapper_tasks.dialects import Database
from mapper_tasks.dialects.sqlite.functions import as_text
from mapper_tasks.mapping import Mapping
from mapper_tasks.model.job import Job
from mapper_tasks.planning import ParallelDefaults, make_plan
from tests.rules.tables import bindable

NOW = datetime(2024, 5, 6, tzinfo=UTC)
ALWAYS = {"enable_parallel": True, "min_rows_for_parallel": 0}
TYPES = {
    "integer": ("bigint", "INTEGER", "bigint", "NUMBER(19)"),
    "numeric": ("numeric(12,3)", "NUMERIC", "decimal(12,3)", "NUMBER(12,3)"),
    "float": ("double precision", "REAL", "double", "BINARY_DOUBLE"),
    "text": ("text", "TEXT", "varchar(60)", "VARCHAR2(60 CHAR)"),
    "word": ("text", "TEXT", "varchar(60)", "VARCHAR2(60 CHAR)"),
    "german": (
        "text COLLATE {german}",
        "TEXT COLLATE NOCASE",
        "varchar(60) COLLATE utf8mb4_german2_ci",
        "VARCHAR2(60 CHAR)",
    ),
    "date": ("date", "DATE", "date", "DATE"),
    "timestamp": ("timestamp", "TIMESTAMP", "datetime(6)", "TIMESTAMP(6)"),
    "timestamptz": ("timestamptz", "TIMESTAMP", "datetime(6)", "TIMESTAMP(6) WITH TIME ZONE"),
    "uuid": ("uuid", "UUID", "char(36)", "VARCHAR2(36 CHAR)"),
    "boolean": ("boolean", "BOOLEAN", "boolean", "NUMBER(1)"),
}
KINDS = ("postgresql", "sqlite", "mariadb", "oracle")
ORACLE = [pytest.param(pair, marks=pytest.mark.oracle) for pair in ("ora=ora", "ora>pg", "pg>ora")]


def spelled(database, kind):
    """The type of a key; for `german` the least binary collation that this server has."""
    spelling = TYPES[kind][KINDS.index(database.kind)]
    return spelling.format(german=_german(database)) if "{german}" in spelling else spelling


def _german(database):
    wanted = ("de-x-icu", "pg_unicode_fast", "C.utf8", "C")  # a build without ICU has not the first
    with database.reading() as reader:
        known = set(reader.execute(text("SELECT collname FROM pg_collation")).scalars())
    return f'"{next(name for name in wanted if name in known)}"'


@dataclass
class Planned:
    """A source table `src` and a target table `tgt` keyed by `k1`, `k2`, ... of given types."""

    source: Database
    target: Database
    kinds: tuple[str, ...]
    indexed: bool = False
    statements: list[str] = field(default_factory=list)

    @property
    def keys(self):
        return [f"k{place}" for place in range(1, len(self.kinds) + 1)]

    def make_tables(self):
        for database, table in ((self.source, "src"), (self.target, "tgt")):
            columns = [
                f"{name} {spelled(database, kind)}"
                for name, kind in zip(self.keys, self.kinds, strict=True)
            ]
            run(database, f"CREATE TABLE {table} ({', '.join(columns)}, rid integer)")
        if self.indexed:
            run(self.source, f"CREATE INDEX src_key ON src ({', '.join(self.keys)})")

    def fill(self, rows):
        """Put the rows, tuples of keys, into the source; each key once into the target."""
        numbered = [(*row, number) for number, row in enumerate(rows)]
        known = {row[:-1]: row for row in numbered if None not in row}
        for database, table, put in (
            (self.source, "src", numbered),
            (self.target, "tgt", list(known.values())),
        ):
            with database.writing() as writer:
                writer.execute(text(f"DELETE FROM {table}"))
                if put:
                    names = [*self.keys, "rid"]
                    places = ", ".join(f":{name}" for name in names)
                    writer.execute(
                        text(f"INSERT INTO {table} VALUES ({places})"),
                        [bound(database, names, row) for row in put],
                    )

    def job(self, size=50_000, target=(), **more):
        parallel = {**ALWAYS, "chunk_size": size, **more.pop("parallel", {})}
        return Job.read(
            {
                "mapref": "PLANNED",
                "source": {"connection": "a", **more.pop("source", {"table": "src"})},
                "target": {
                    "connection": "b",
                    "table": "tgt",
                    "business_key": self.keys,
                    "columns": {name: name for name in [*self.keys, "rid"]},
                    **dict(target),
                },
                "parallel_config": parallel,
                **more,
            }
        )

    def plan(self, job=None, checkpoint=None, workers=None, **job_words):
        """The plan; `statements` has what it cost."""
        job = job or self.job(**job_words)
        self.statements.clear()
        with self._listening():
            return make_plan(
                job, self.source, self.target, ParallelDefaults(), checkpoint, NOW, workers
            )

    def rows_of(self, plan, job=None):
        """Per chunk: the `rid`s of the source rows that it reads, and of the target's rows."""
        job = job or self.job()
        with self.source.reading() as reader, self.target.reading() as writer:
            mapping = Mapping.between(job, self.source, reader, self.target, writer)
            return [
                (
                    self._read(mapping, reader, chunk.slice, plan.window),
                    self._target(mapping, writer, chunk.slice),
                )
                for chunk in plan.chunks
            ]

    def _read(self, mapping, reader, part, window):
        rows = mapping.source.select(mapping.source.column("rid"))
        inside = mapping.chosen(part, window)
        rows = rows if inside is None else rows.where(inside)
        return list(reader.execute(rows).scalars())

    def _target(self, mapping, writer, part):
        here = mapping.target_table
        inside = mapping.in_target_slice(here, part)
        rows = select(here.c.rid)
        rows = rows if inside is None else rows.where(inside)
        return set(writer.execute(rows).scalars())

    def _listening(self):
        return Listening(self.source.engine, self.statements)


class Listening:
    """Notes the statements that an engine executes."""

    def __init__(self, engine, statements):
        self.engine, self.statements = engine, statements

    def note(self, _connection, _cursor, statement, *_):
        self.statements.append(statement)

    def __enter__(self):
        event.listen(self.engine, "before_cursor_execute", self.note)

    def __exit__(self, *_):
        event.remove(self.engine, "before_cursor_execute", self.note)


def bound(database, names, row):
    return {name: _taken(database.kind, value) for name, value in zip(names, row, strict=True)}


def _taken(kind, value):
    if kind == "postgresql":
        return value
    if kind == "oracle" and not isinstance(value, UUID):
        return bindable(kind, value)
    return as_text(value)


def run(database, *statements):
    with database.writing() as writer:
        for statement in statements:
            writer.execute(text(statement))
