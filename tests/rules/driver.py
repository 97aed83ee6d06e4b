"""Real tables, real loads: the one place where the tests of the rules meet `mapper_tasks`."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from mapper_tasks.dialects import Database, open_database
from mapper_tasks.etl import marker, spool
from mapper_tasks.etl.load import ChunkWork, load_chunk
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import RowError, Window
from mapper_tasks.model.slices import Slice, slices_between
from mapper_tasks.model.tally import Tally
from tests.oracle.spoken import spoken
from tests.rules.histories import COMPARED, EXCLUDED, TYPE0, TYPE1
from tests.rules.model import Key, Row, Rules, Version
from tests.rules.tables import IDENTITY, KEY_TEXT, TIME, bindable, moment, one_a_key

NUMBERED = itertools.count(1)
OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)

_FEED = f"""
    CREATE TABLE feed (
        k integer, k2 varchar(10), {COMPARED} varchar(10), {TYPE0} integer, {TYPE1} integer,
        {EXCLUDED} integer, eff {{time}}, gone boolean, ranking integer, place integer
    )
"""
_COLUMNS = f"""
    k integer NOT NULL, k2 {{text}}, {COMPARED} varchar(10), {TYPE0} integer, {TYPE1} integer,
    {EXCLUDED} integer, rwhkey varchar(64), reccrdt {{time}}, recupdt {{time}}, fromdt {{time}}
"""


@dataclass
class Loaded:
    """What a real load gave, in the words of the model."""

    errors: list[tuple[Key, str]] = field(default_factory=list)
    tally: dict[str, int] = field(default_factory=dict)


class Place:
    """A source and a target with the tables of every shape, emptied for each history."""

    def __init__(self, source: Database, target: Database) -> None:
        self.source, self.target = source, target
        marker.create(target)
        _make(source, _FEED.format(time=TIME[source.kind]))
        for scd_type, compound in itertools.product((1, 2), (False, True)):
            self._create(scd_type, compound=compound)

    def _create(self, scd_type: int, *, compound: bool) -> None:
        name, key = table_name(scd_type, compound=compound), "k, k2" if compound else "k"
        kind, columns = self.target.kind, _COLUMNS
        if scd_type == 2:
            columns += ", curflg char(1) NOT NULL, todt {time}"
        columns = columns.format(time=TIME[kind], text=KEY_TEXT.get(kind, "varchar(10)"))
        indexes = one_a_key(kind, name, key, versioned=scd_type == 2)
        _make(self.target, f"CREATE TABLE {name} (skey {IDENTITY[kind]}, {columns})", *indexes)

    def empty(self, job: Job) -> None:
        with self.target.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {job.target.table}"))

    def close(self) -> None:
        self.source.close()
        self.target.close()

    # ---- one batch

    def feed(self, rows: Sequence[Row]) -> None:
        """The rows as the whole source, in their order."""
        names = ["k", "k2", COMPARED, TYPE0, TYPE1, EXCLUDED, "eff", "gone", "ranking", "place"]
        with self.source.engine.begin() as connection:
            connection.execute(text("DELETE FROM feed"))
            if rows:
                marks = ", ".join(f":{name}" for name in names)
                connection.execute(
                    text(f"INSERT INTO feed VALUES ({marks})"),
                    [self._source_row(row) for row in rows],
                )

    def _source_row(self, row: Row) -> dict[str, Any]:
        ranking, place = row.order or (0, 0)
        values = {
            "k": row.key[0],
            "k2": row.key[1] if len(row.key) > 1 else None,
            COMPARED: row.values[COMPARED],
            TYPE0: row.values.get(TYPE0),
            TYPE1: row.values.get(TYPE1),
            EXCLUDED: row.values.get(EXCLUDED),
            "eff": row.time,
            "gone": row.deleted,
            "ranking": ranking,
            "place": place,
        }
        return {name: bindable(self.source.kind, value) for name, value in values.items()}

    def load(self, job: Job, at: datetime, cuts: Iterable[Key] = ()) -> Loaded:
        """A run over what was fed, in chunks cut at the given keys, one after another."""
        return self.load_in(job, at, slices_between(sorted(set(cuts))))

    def load_spooled(self, job: Job, at: datetime, cuts: Iterable[Key]) -> Loaded:
        """The same, but that the chunks read the source from a spool."""
        name = spool.name_for(str(uuid.uuid4()))
        try:
            return self.load_in(job, at, slices_between(sorted(set(cuts))), name)
        finally:
            spool.drop(self.target, name=name)

    def load_in(
        self, job: Job, at: datetime, parts: Iterable[Slice], name: str | None = None
    ) -> Loaded:
        prcid, run_key = next(NUMBERED), str(uuid.uuid4())
        errors: list[RowError] = []
        tally = Tally()
        for chunk_no, part in enumerate(parts, 1):
            work = ChunkWork(
                job=job,
                prcid=prcid,
                run_key=run_key,
                chunk_no=chunk_no,
                slice=part,
                effective_at=at,
                window=Window(),
                source=self.source,
                target=self.target,
                on_row_errors=errors.extend,
                spool=name,
            )
            tally += load_chunk(work).tally
        return Loaded([_named(error, job) for error in errors], tally.as_dict())

    # ---- the target

    def raw(self, job: Job) -> list[tuple[Any, ...]]:
        """Every column of every row, as the database has it."""
        with self.target.engine.connect() as connection:
            rows = connection.execute(text(f"SELECT * FROM {job.target.table} ORDER BY skey"))
            return [tuple(row) for row in rows]

    def table(self, job: Job) -> list[Version]:
        names = [name for name in job.target.columns if name not in job.target.business_key]
        with self.target.engine.connect() as connection:
            rows = connection.execute(text(f"SELECT * FROM {job.target.table} ORDER BY skey"))
            return [self._version(dict(row._mapping), job, names) for row in rows]

    def _version(self, row: dict[str, Any], job: Job, names: list[str]) -> Version:
        todt = moment(row.get("todt"))
        is_open = todt is None or todt == OPEN_END
        assert is_open == (row.get("curflg", "Y") == "Y"), f"curflg and todt disagree: {row}"
        return Version(
            key=tuple(row[name] for name in job.target.business_key),
            values={name: row[name] for name in names},
            fromdt=moment(row["fromdt"]),
            todt=None if is_open else todt,
            skey=row["skey"],
        )


def _make(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            for one in spoken(statement.strip()) if database.kind == "oracle" else [statement]:
                connection.execute(text(one))


def table_name(scd_type: int, *, compound: bool) -> str:
    return f"dim_type{scd_type}_{'two' if compound else 'one'}"


def _named(error: RowError, job: Job) -> tuple[Key, str]:
    """A row error's key as text parts, whatever its type, and its code."""
    key = json.loads(error.keyvalue)
    return tuple(key[name] for name in job.target.business_key), error.errtyp


def as_text(key: Key) -> Key:
    return tuple(None if part is None else str(part) for part in key)


def job_of(rules: Rules, *, compound: bool = False, open_end: str | None = "9999-12-31") -> Job:
    """The job that asks for the rules."""
    columns: dict[str, Any] = {"k": "k", COMPARED: COMPARED}
    if compound:
        columns["k2"] = "k2"
    columns |= {name: {"source": name, "scd": 0} for name in rules.keep_first}
    columns |= {name: {"source": name, "scd": 1} for name in rules.overwritten}
    columns |= {name: name for name in rules.excluded}
    target = {
        "connection": "target",
        "table": table_name(rules.scd_type, compound=compound),
        "scd_type": rules.scd_type,
        "business_key": ["k", "k2"] if compound else ["k"],
        "columns": columns,
        "hash_exclude_columns": list(rules.excluded),
        "effective_from": "eff" if rules.dated else None,
        "delete_when": "gone",
        "on_missing": "expire" if rules.expire_missing else "ignore",
        "max_expire_share": 1,
        "on_duplicate": "last" if rules.last_duplicate else "reject",
        "type1_scope": "current" if rules.current_scope else "all",
        "open_end": open_end,
    }
    return Job.read(
        {
            "mapref": "RULES",
            "source": {"connection": "source", "table": "feed"},
            "target": target,
            "checkpoint_config": {"enabled": False, "columns": ["ranking", "place"]},
        }
    )


def place_of(source_url: str, target_url: str) -> Place:
    return Place(open_database("source", source_url), open_database("target", target_url))
