"""The table of decided changes: what `type1` and `type2` decide and `write` carries out.

One row a change. mp_rid names the staged row that brings it about (NULL: only bounds follow),
mp_tid the target row. mp_from and mp_to are the new bounds of a version, mp_to NULL meaning open.
mp_last names the row that type 1 columns of scope `current` are taken from. mp_fix: the values are
corrected in place. mp_grown: a row equal to the version took the place of its end. mp_was_open: the
version was open before. mp_by_row: a staged row, and not the absence of one, ended the version.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import TableClause

    from mapper_tasks.etl.apply.ground import Ground

CHANGES = "mp_change"


class What(StrEnum):
    """What is done to the target."""

    INSERT = "I"
    UPDATE = "U"
    DELETE = "D"
    END = "E"  # a delete that had an effect; the version it ends is an UPDATE of its own
    OVERWRITE = "O"  # type 1 columns of the current version


def create(ground: Ground) -> TableClause:
    return ground.temporary(
        CHANGES,
        [
            *ground.key_types(),
            ("mp_what", "varchar(1)"),
            ("mp_rid", "bigint"),
            ("mp_last", "bigint"),
            ("mp_tid", ground.row_id_type),
            ("mp_from", ground.time_type),
            ("mp_to", ground.time_type),
            ("mp_fix", "boolean"),
            ("mp_grown", "boolean"),
            ("mp_was_open", "boolean"),
            ("mp_by_row", "boolean"),
        ],
    )
