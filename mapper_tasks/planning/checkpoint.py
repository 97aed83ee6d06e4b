"""The checkpoint as text, kept in the ledger between runs: strategy, columns, typed values."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper_tasks.model.job import Strategy
from mapper_tasks.model.slices import decode_key, encode_key

if TYPE_CHECKING:
    from mapper_tasks.model.slices import Key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a source was read. KEY: the `values` of the last row. PYTHON: a row `position`."""

    strategy: Strategy
    columns: tuple[str, ...]
    values: Key | None = None
    position: int | None = None

    def as_text(self) -> str:
        data = {
            "strategy": self.strategy.value,
            "columns": list(self.columns),
            "values": encode_key(self.values),
            "position": self.position,
        }
        return json.dumps({name: value for name, value in data.items() if value is not None})

    @classmethod
    def of_text(cls, text: str) -> Checkpoint | None:
        """None: the text is no checkpoint of mapper's."""
        with suppress(ValueError, KeyError, TypeError, ArithmeticError):
            data = json.loads(text)
            return cls(
                Strategy(data["strategy"]),
                tuple(data["columns"]),
                decode_key(data.get("values")),
                data.get("position"),
            )
        return None
