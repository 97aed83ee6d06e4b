"""The environment as one frozen Settings. Nothing else reads MAPPER_ variables.

A variable that is unknown or has a bad value raises BadSetting with its name, never its value:
most of them are URLs with passwords.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from mapper_tasks.flow.times import Times
from mapper_tasks.model.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "MAPPER_"
CONNECTION = "MAPPER_CONNECTIONS__"
NOT_OURS = ("MAPPER_TEST_", "MAPPER_DEMO_")
CHORD_BACKENDS = ("redis", "sentinel")


def _message_url(url: SecretStr) -> SecretStr:
    if "://" not in url.get_secret_value():
        raise ValueError("expected a URL, such as redis://host:6379/0")
    return url


def _database_url(url: SecretStr) -> SecretStr:
    try:
        make_url(url.get_secret_value())
    except (ArgumentError, ValueError):
        raise ValueError("expected a SQLAlchemy URL, such as postgresql+psycopg://...") from None
    return url


MessageUrl = Annotated[SecretStr, AfterValidator(_message_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]


class Settings(BaseSettings):
    """What the environment says, checked. Field `x` is the variable MAPPER_X."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_nested_max_split=1,  # a connection's name may contain the delimiter
        env_ignore_empty=True,  # compose files pass on unset variables as empty ones
        frozen=True,
        extra="forbid",
        validate_default=False,
        hide_input_in_errors=True,
    )

    broker_url: MessageUrl = SecretStr("redis://localhost:6379/0")
    result_backend: MessageUrl | None = None
    metadata_url: DatabaseUrl = SecretStr("sqlite:///mapper.db")
    connections: dict[str, DatabaseUrl] = Field(default_factory=dict)
    allowed_modules: Annotated[frozenset[str], NoDecode] = frozenset()
    parallel_enabled: bool = False
    max_workers: Annotated[int, Field(ge=1)] | None = None
    chunk_size: Annotated[int, Field(ge=1)] | Literal["auto"] = 50_000
    min_rows_for_parallel: Annotated[int, Field(ge=0)] = 100_000
    log_format: Literal["console", "json"] = "console"
    test_pace: Annotated[float, Field(gt=0)] = 1.0  # of all waiting: tests have no time

    @field_validator("allowed_modules", mode="before")
    @classmethod
    def _listed(cls, text: Any) -> Any:
        """Module names between commas, as an environment can hold them."""
        return [name.strip() for name in text.split(",")] if isinstance(text, str) else text

    @field_validator("allowed_modules")
    @classmethod
    def _modules(cls, names: frozenset[str]) -> frozenset[str]:
        if not all(part.isidentifier() for name in names for part in name.split(".")):
            raise ValueError("expected module names between commas, such as shop.rules,shop.keys")
        return names

    @property
    def times(self) -> Times:
        return Times().paced(self.test_pace)

    @property
    def result_url(self) -> str:
        """Where results and chords are kept: by default the broker's own Redis."""
        return (self.result_backend or self.broker_url).get_secret_value()

    @property
    def secrets(self) -> frozenset[str]:
        """Every URL that may hold a password, for the scrubber of the log."""
        urls = [self.broker_url, self.result_backend, self.metadata_url, *self.connections.values()]
        return frozenset(url.get_secret_value() for url in urls if url is not None)


def read_settings() -> Settings:
    """The settings of this process's environment. Raises BadSetting (MAP-5006)."""
    _refuse_unknown(os.environ)
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSetting("; ".join(_faults(error))) from None
    if not settings.result_url.startswith(CHORD_BACKENDS):
        raise BadSetting(
            f"{PREFIX}RESULT_BACKEND: expected a Redis URL: the chunks of a run join there, "
            "and the broker is no Redis"
        )
    return settings


def _refuse_unknown(names: Iterable[str]) -> None:
    ours = [n for n in names if n.upper().startswith(PREFIX) and not n.startswith(NOT_OURS)]
    known = {PREFIX + field.upper() for field in Settings.model_fields if field != "connections"}
    unknown = [n for n in ours if n.upper() not in known and not _connection(n)]
    if unknown:
        raise BadSetting(f"{', '.join(sorted(unknown))}: no such variable")
    first: dict[str, str] = {}
    for variable in sorted(ours):
        other = first.setdefault(variable.upper(), variable)
        if other != variable:
            raise BadSetting(f"{other}, {variable}: one variable, spelled in two ways")


def _connection(variable: str) -> bool:
    return variable.upper().startswith(CONNECTION) and len(variable) > len(CONNECTION)


def _faults(error: ValidationError) -> list[str]:
    """One line a fault: the variable and what was expected; never its value."""
    return [
        f"{_variable(fault['loc'])}: {str(fault['msg']).removeprefix('Value error, ')}"
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _variable(location: tuple[int | str, ...]) -> str:
    field, *inside = [str(part).upper() for part in location]
    return f"{CONNECTION}{inside[0]}" if field == "CONNECTIONS" and inside else PREFIX + field
