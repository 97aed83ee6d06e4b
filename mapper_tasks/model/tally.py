"""Counts that add up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to the rows of a chunk or of a run. All are counts of rows.

    `source` rows were read. `inserted` versions were opened, `updated` versions were
    overwritten in place, `expired` open versions were closed (by a newer version, a delete or
    absence; a removed type 1 row counts here too). `unchanged` source rows changed nothing;
    `rejected` source rows are in DMS_JOBERR.
    """

    source: int = 0
    inserted: int = 0
    updated: int = 0
    expired: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def target(self) -> int:
        return self.inserted + self.updated

    def as_dict(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def of(cls, counts: dict[str, int]) -> Tally:
        return cls(**{f.name: int(counts.get(f.name, 0)) for f in fields(cls)})
