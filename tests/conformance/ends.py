"""A source and a target of any two kinds, and a slice staged between them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Text, case, cast, func, literal_column, select

from mapper_tasks.dialects import open_database
from mapper_tasks.dialects.oracle import storing
from mapper_tasks.etl import marker, stage
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.etl.roads import ROADS
from mapper_tasks.etl.staging import STAGE, Landing, Staging
from mapper_tasks.mapping import Mapping
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Window
from mapper_tasks.model.shape import Kind
from mapper_tasks.model.slices import Slice
from tests.oracle.spoken import spoken

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
EVERYTHING = Slice(with_nulls=True)
IDENTITY = {
    "postgresql": "bigint GENERATED ALWAYS AS IDENTITY",
    "mariadb": "bigint AUTO_INCREMENT PRIMARY KEY",
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "oracle": "NUMBER(19) GENERATED ALWAYS AS IDENTITY",
}
TIMES = {"mariadb": "datetime(6)", "oracle": "TIMESTAMP(6)"}


@dataclass
class Ends:
    """The two databases of a test."""

    source: object
    target: object
    functions: dict = field(default_factory=dict)

    @property
    def kinds(self):
        return self.source.kind, self.target.kind

    def on_source(self, *statements):
        return _run(self.source, statements)

    def on_target(self, *statements):
        return _run(self.target, statements)

    def make_versioned(self, columns):
        """The target `trg` for loads of type 2, with its surrogate key and version columns."""
        kind = self.target.kind
        time = TIMES.get(kind, "timestamp")
        self.on_target(
            f"CREATE TABLE trg (skey {IDENTITY[kind]}, {columns}, rwhkey varchar(64), "
            f"curflg char(1) NOT NULL, fromdt {time}, todt {time}, reccrdt {time}, recupdt {time})"
        )
        marker.create(self.target)

    def load(self, job, number):
        """The tally and the row errors of one load of everything; each `number` is a day later."""
        errors = []
        work = ChunkWork(
            job=Job.read(job),
            prcid=number,
            run_key=str(uuid4()),
            chunk_no=1,
            slice=EVERYTHING,
            effective_at=AT + timedelta(days=number),
            window=Window(),
            source=self.source,
            target=self.target,
            functions=self.functions,
            on_row_errors=errors.extend,
        )
        return load_chunk(work).tally, errors

    @contextmanager
    def staging(self, job, part=EVERYTHING, window=None):
        job = Job.read(job) if isinstance(job, dict) else job
        with self.target.writing() as writer, self.source.reading() as reader:
            mapping = Mapping.between(job, self.source, reader, self.target, writer)
            yield Staging(mapping, part, window or Window(), AT, reader, writer, self.functions)

    def stage(self, job, part=EVERYTHING, window=None):
        """What staging came to, and the staged rows as text in the order of their keys."""
        with self.staging(job, part, window) as one:
            staged = stage.fill(
                one.job,
                one.mapping,
                part,
                one.window,
                AT,
                one.reader,
                one.writer,
                self.functions,
                lambda: None,
            )
            return staged, rows_of(one), keys_of(one)

    def stages_by_road(self, job, part=EVERYTHING):
        """The staged rows by the name of each road that is open."""
        found = {}
        for road in ROADS:
            with self.staging(job, part) as one:
                if not road.is_open(one):
                    continue
                one.create_tables()
                road(one).fill(Landing(STAGE))
                found[road.__name__] = rows_of(one), types_of(one)
        return found


def rows_of(staging):
    columns = [_shown(staging, one) for one in staging.columns[1:-1]]
    rows = staging.writer.execute(select(*columns, staging.stage.c.mp_del)).all()
    return sorted(((*row[:-1], bool(row[-1])) for row in rows), key=_by_key)


def _by_key(row):
    """Rows are numbered as the source happened to give them: that is no order."""
    key = row[0] or ""
    return len(key), key, repr(row)


def _shown(staging, column):
    value = staging.stage.c[column.name]
    if staging.target.kind == "oracle":
        shown = func.rawtohex(value) if column.kind is Kind.BYTES else value
        return func.lower(shown) if shown is not value else storing.as_text(value, column)
    if staging.target.kind == "mariadb" and column.name == "mp_eff":
        value = func.trim(literal_column("TRAILING '.000000' FROM ").op("")(cast(value, Text)))
    if column.kind is Kind.BYTES:
        if staging.target.kind == "postgresql":
            return func.encode(value, "hex")
        if staging.target.kind == "mariadb":
            return func.lower(func.hex(value))
        return case((value.is_not(None), func.hex(value)))
    return cast(value, Text)


def types_of(staging):
    """SQLite's storage classes: equal text can be kept in several ways."""
    if staging.target.kind != "sqlite":
        return []
    kinds = [func.typeof(staging.stage.c[one.name]) for one in staging.columns]
    return staging.writer.execute(select(*kinds).order_by(staging.stage.c.mp_rid)).all()


def keys_of(staging):
    columns = [cast(staging.rejected_keys.c[name], Text) for name in staging.keys]
    return sorted(staging.writer.execute(select(*columns)).all())


def _run(database, statements):
    with database.engine.begin() as connection:
        for statement in statements:
            for one in spoken(statement) if database.kind == "oracle" else [statement]:
                connection.exec_driver_sql(one)


def job(columns, **target):
    """A job from the table `src` to the table `trg`, keyed by its first column."""
    outside = [name for name in ("transform", "checkpoint_config") if name in target]
    extra = {name: target.pop(name) for name in outside}
    source = {"connection": "a", "query": target.pop("query", "SELECT * FROM src")}
    return {
        "mapref": "T",
        "source": source,
        "target": {
            "connection": "b",
            "table": "trg",
            "business_key": [next(iter(columns))],
            "columns": columns,
            **target,
        },
        **extra,
    }


__all__ = ["AT", "Ends", "job", "open_database"]
