"""Where a case is run: its source and target tables in real databases, a ledger, real runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from mapper_tasks.dialects import Database
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.site import Site
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Run
from tests.cases.reading import TYPES, Case
from tests.rules.model import Version
from tests.rules.tables import IDENTITY, KEY_TEXT, TIME, moment, one_a_key, plain


@dataclass(frozen=True)
class Place:
    site: Site
    source: Database
    target: Database

    def prepare(self, case: Case) -> None:
        """The empty source and the target with the case's first rows, by plain SQL."""
        given = [_column(self.source, case, name) for name in case.data["columns"]]
        self._again("source", "feed", ", ".join(["place bigint", *given]))
        kind, time = self.target.kind, TIME[self.target.kind]
        columns = [_column(self.target, case, name) for name in case.stored]
        versioned = [f"todt {time}", "curflg char(1) NOT NULL"] if case.versioned else []
        own = [f"skey {IDENTITY[kind]}", "rwhkey varchar(64)", f"fromdt {time}"]
        record = [f"reccrdt {time}", f"recupdt {time}"]
        self._again("target", "dim_case", ", ".join([*own, *columns, *versioned, *record]))
        key = ", ".join(_quoted(self.target, name) for name in case.key)
        for statement in one_a_key(kind, "dim_case", key, versioned=case.versioned):
            self.write(statement)
        for version in case.initial:
            self._insert("target", "dim_case", self._row(case, version))

    def _again(self, side: str, table: str, columns: str) -> None:
        self.write(f"DROP TABLE IF EXISTS {table}", side=side)
        self.write(f"CREATE TABLE {table} ({columns})", side=side)

    def _row(self, case: Case, version: Version) -> dict[str, Any]:
        row = dict(zip(case.key, version.key, strict=True)) | version.values
        row |= {"fromdt": version.fromdt}
        if case.versioned:
            is_open = version.todt is None
            end = moment(case.data["open_to"]) if is_open else version.todt
            row |= {"todt": end, "curflg": "Y" if is_open else "N"}
        return row

    def feed(self, case: Case, batch: dict[str, Any]) -> None:
        """The rows of the batch as the whole source; a column that a row lacks is NULL."""
        self.write("DELETE FROM feed", side="source")
        for place, row in enumerate(batch["rows"]):
            values = {name: row.get(name) for name in case.data["columns"]}
            times = {name for name, kind in case.data["columns"].items() if kind == "timestamp"}
            values |= {name: moment(values[name]) for name in times}
            self._insert("source", "feed", {"place": place, **values})

    def _insert(self, side: str, table: str, row: dict[str, Any]) -> None:
        database = self.source if side == "source" else self.target
        names = ", ".join(_quoted(database, name) for name in row)
        marks = ", ".join(f":p{number}" for number in range(len(row)))
        values = {f"p{number}": plain(value) for number, value in enumerate(row.values())}
        self.write(f"INSERT INTO {table} ({names}) VALUES ({marks})", values, side=side)

    def write(
        self, sql: str, values: dict[str, Any] | None = None, *, side: str = "target"
    ) -> None:
        database = self.source if side == "source" else self.target
        with database.engine.begin() as connection:
            connection.execute(text(sql), values or {})

    def run(self, job: Job) -> Run:
        return run_here(self.site, submit(self.site, job), lambda progress: None)

    def raw(self) -> list[tuple[Any, ...]]:
        with self.target.engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM dim_case ORDER BY skey"))
            return [tuple(row) for row in rows]

    def table(self, case: Case) -> list[Version]:
        with self.target.engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM dim_case")).mappings().all()
        return [self._version(case, dict(row)) for row in rows]

    def _version(self, case: Case, row: dict[str, Any]) -> Version:
        kinds = case.data["columns"]
        read = {
            name: moment(row[name]) if kinds[name] == "timestamp" else row[name]
            for name in case.stored
        }
        booleans = {name for name in case.stored if kinds[name] == "bool"}
        read |= {name: None if read[name] is None else bool(read[name]) for name in booleans}
        todt, end = moment(row.get("todt")), moment(case.data["open_to"])
        assert row.get("curflg", "Y") == ("Y" if todt == end else "N")
        return Version(
            key=tuple(read[name] for name in case.key),
            values={name: value for name, value in read.items() if name not in case.key},
            fromdt=moment(row["fromdt"]),
            todt=None if todt == end else todt,
        )


def _column(database: Database, case: Case, name: str) -> str:
    kind = case.data["columns"][name]
    spelled = TIME[database.kind] if kind == "timestamp" else TYPES[kind]
    if kind == "text" and name in case.key:
        spelled = KEY_TEXT.get(database.kind, spelled).replace("(10)", "(100)")
    return f"{_quoted(database, name)} {spelled}"


def _quoted(database: Database, name: str) -> str:
    return database.engine.dialect.identifier_preparer.quote_identifier(name)
