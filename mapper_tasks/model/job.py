"""The job spec: what to load, from where, into what, and how. Source of its rules: README, docs.

A job is one JSON object (YAML in files). `Job.read` checks it whole and reports every fault.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from mapper_tasks.model.errors import JobInvalid

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]+$")]
Sql = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"^[^\x00]+$")]
FunctionPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
MapRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
TableName = Annotated[str, StringConstraints(pattern=r"^[^.\x00]{1,128}(\.[^.\x00]{1,128})?$")]
Scalar = bool | int | float | str | None


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Utc = Annotated[datetime, AfterValidator(_utc)]


class Part(BaseModel):
    """A part of the job spec: unknown fields are faults, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)


class TargetType(StrEnum):
    """What a target table is to the warehouse: dimension, fact or mart."""

    DIM = "DIM"
    FCT = "FCT"
    MRT = "MRT"


class Strategy(StrEnum):
    """How a checkpoint tells what has been read."""

    KEY = "KEY"
    PYTHON = "PYTHON"
    AUTO = "AUTO"
    NONE = "NONE"


class Partition(StrEnum):
    """How the source is cut."""

    AUTO = "auto"
    RANGE = "range"
    HASH = "hash"
    BLOCKS = "blocks"
    SPOOL = "spool"


class Source(Part):
    """Where rows come from: one SELECT, or a table. Read in a read-only transaction."""

    connection: Identifier
    query: Sql | None = None
    table: TableName | None = None
    consistency: Literal["chunk", "run"] = "chunk"

    @field_validator("query")
    @classmethod
    def _one_statement(cls, query: str | None) -> str | None:
        return None if query is None else query.rstrip().rstrip(";").rstrip()

    @model_validator(mode="after")
    def _query_or_table(self) -> Source:
        if (self.query is None) == (self.table is None):
            raise ValueError("give exactly one of `query` and `table`")
        return self


class ColumnRule(Part):
    """How one target column is filled: by exactly one of source, sql, value and python.

    A bare string in a job is short for `{source: that}`. `scd` 0 keeps the first value of a key,
    1 overwrites, 2 opens a version; null takes the target's `scd_type`.
    """

    source: Identifier | None = None
    sql: Sql | None = None
    value: Scalar = None
    python: FunctionPath | None = None
    scd: Literal[0, 1, 2] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        return {"source": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_way(self) -> ColumnRule:
        given = self.model_fields_set & {"source", "sql", "value", "python"}
        if len(given) != 1:
            raise ValueError("give exactly one of `source`, `sql`, `value` and `python`")
        if "value" not in given and getattr(self, next(iter(given))) is None:
            raise ValueError(f"`{next(iter(given))}` must not be null")
        return self


class VersionColumns(Part):
    """The names of the version columns in the target table."""

    skey: Identifier = "skey"
    rwhkey: Identifier = "rwhkey"
    curflg: Identifier = "curflg"
    fromdt: Identifier = "fromdt"
    todt: Identifier = "todt"
    reccrdt: Identifier = "reccrdt"
    recupdt: Identifier = "recupdt"


class Target(Part):
    """The table to load, how its rows are keyed, filled and versioned."""

    connection: Identifier
    table: TableName
    type: TargetType = TargetType.DIM
    scd_type: Literal[1, 2] = 1
    business_key: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    columns: Annotated[dict[Identifier, ColumnRule], Field(min_length=1)]
    hash_exclude_columns: tuple[Identifier, ...] = ()
    effective_from: Identifier | None = None
    effective_at: Utc | None = None
    delete_when: Sql | None = None
    on_missing: Literal["ignore", "expire"] = "ignore"
    max_expire_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    on_duplicate: Literal["reject", "last"] = "reject"
    type1_scope: Literal["all", "current"] = "all"
    open_end: str | None = "9999-12-31"
    version_columns: VersionColumns = VersionColumns()
    create: bool = False

    @field_validator("open_end", mode="before")
    @classmethod
    def _moment(cls, text: Any) -> Any:
        # YAML reads an unquoted date as a date.
        text = text if text is None else str(text)
        if text is not None:
            datetime.fromisoformat(text)
        return text

    @property
    def versioned(self) -> bool:
        return self.scd_type == 2

    def scd_of(self, column: str) -> int:
        """0, 1 or 2: what a change of this column does."""
        own = self.columns[column].scd
        return self.scd_type if own is None else own

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns whose change makes a difference by itself, in the job's order.

        Type 2: those that open a version. Type 1: those that are overwritten. Keys, columns that
        keep their first value and `hash_exclude_columns` are none of them.
        """
        left_out = {*self.business_key, *self.hash_exclude_columns}
        return tuple(
            name
            for name in self.columns
            if name not in left_out and self.scd_of(name) == self.scd_type
        )

    def of_scd(self, scd: int) -> tuple[str, ...]:
        """Non-key columns with this `scd`, in the job's order."""
        return tuple(
            name
            for name in self.columns
            if name not in self.business_key and self.scd_of(name) == scd
        )

    @model_validator(mode="after")
    def _consistent(self) -> Target:
        faults = [*self._key_faults(), *self._version_faults()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _key_faults(self) -> list[str]:
        faults = [
            f"business_key column {name!r} is not in `columns`"
            for name in self.business_key
            if name not in self.columns
        ]
        if len(set(self.business_key)) < len(self.business_key):
            faults.append("`business_key` names a column twice")
        for name in self.business_key:
            if name in self.columns and self.columns[name].scd is not None:
                faults.append(f"columns.{name}: a business key column takes no `scd`")
            if name in self.hash_exclude_columns:
                faults.append(f"hash_exclude_columns: {name!r} is a business key column")
        return faults

    def _version_faults(self) -> list[str]:
        faults = []
        if self.versioned and self.type is not TargetType.DIM:
            faults.append(f"scd_type: type {self.type} takes scd_type 1 only")
        if not self.versioned:
            faults += [
                f"columns.{name}.scd: 2 needs scd_type 2"
                for name, rule in self.columns.items()
                if rule.scd == 2
            ]
        names = list(self.version_columns.model_dump().values())
        if len(set(names)) < len(names):
            faults.append("version_columns: two of them have one name")
        faults += [
            f"columns.{name}: this is a version column, filled by mapper"
            for name in self.columns
            if name in names
        ]
        return faults


class CheckpointConfig(Part):
    """How far a job has read its source, kept between runs."""

    enabled: bool = True
    strategy: Strategy = Strategy.AUTO
    columns: tuple[Identifier, ...] = ()

    @property
    def effective(self) -> Strategy:
        """KEY, PYTHON or NONE: what AUTO and `enabled` come to."""
        if not self.enabled:
            return Strategy.NONE
        if self.strategy is Strategy.AUTO:
            return Strategy.KEY if self.columns else Strategy.PYTHON
        return self.strategy

    @model_validator(mode="after")
    def _key_has_columns(self) -> CheckpointConfig:
        if self.enabled and self.strategy is Strategy.KEY and not self.columns:
            raise ValueError("strategy KEY needs `columns`")
        return self


class ParallelConfig(Part):
    """Whether and how a run is cut. Null: the environment decides, then the default."""

    enable_parallel: bool | None = None
    max_workers: Annotated[int, Field(ge=1)] | None = None
    chunk_size: Annotated[int, Field(ge=1)] | Literal["auto"] | None = None
    min_rows_for_parallel: Annotated[int, Field(ge=0)] | None = None
    partition: Partition = Partition.AUTO


class Job(Part):
    """One job: run this source query, map its columns, load the target table."""

    mapref: MapRef
    jobid: int | None = None
    source: Source
    target: Target
    transform: FunctionPath | None = None
    checkpoint_config: CheckpointConfig = CheckpointConfig(enabled=False)
    parallel_config: ParallelConfig = ParallelConfig()
    max_error_rows: Annotated[int, Field(ge=0)] | None = 1000

    @model_validator(mode="after")
    def _consistent(self) -> Job:
        target, checkpoint = self.target, self.checkpoint_config
        faults = []
        if target.on_missing == "expire" and checkpoint.effective is not Strategy.NONE:
            faults.append(
                "target.on_missing: expire needs the complete source; "
                "set checkpoint_config.enabled: false"
            )
        if target.on_duplicate == "last" and not checkpoint.columns:
            faults.append(
                "target.on_duplicate: last needs checkpoint_config.columns, the order of the source"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def uses_python(self) -> bool:
        """Whether rows must pass through Python functions."""
        return self.transform is not None or any(
            rule.python for rule in self.target.columns.values()
        )

    @classmethod
    def read(cls, data: Any) -> Job:
        """The job that `data` (decoded JSON or YAML) describes.

        Raises JobInvalid (MAP-1001) with every fault, each naming its field.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise JobInvalid(_faults(error)) from None

    def as_json(self) -> dict[str, Any]:
        """The job as it was given, without defaults, ready for JSON."""
        return self.model_dump(mode="json", exclude_unset=True)


def _faults(error: ValidationError) -> list[str]:
    """One line a fault: the field's path and what was expected; never the value itself."""
    return [
        f"{'.'.join(str(part) for part in fault['loc']) or 'job'}: {_expected(dict(fault))}"
        for fault in error.errors(include_url=False, include_input=False)
    ]


def _expected(fault: dict[str, Any]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        return "unknown field; expected one of those in `mapper schema`"
    if fault["type"] == "missing":
        return "missing; expected a value"
    return message[:1].lower() + message[1:]
