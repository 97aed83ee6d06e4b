"""A hash of business keys that every database computes alike, so that both sides cut by it.

It is the MD5, in lower-case hex digits, of the parts of a key, each as `length:text` with its
length in characters. A part's text depends on the kind that the target's column has:

INTEGER, NUMERIC  plain digits, rounded half up to the column's scale, no zeros after the last
                  digit of a fraction: `-12.5`, `100`
TEXT              as it is, without the blanks at the end where the column is blank-padded
BOOLEAN           `1` or `0`
DATE              `2024-05-06`
TIMESTAMP(TZ)     in UTC: `2024-05-06 07:08:09.000000`
UUID              lower case with hyphens
BYTES             lower-case hex digits

Equal keys must have equal hashes; that some others share one does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mapper_tasks.model.shape import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from mapper_tasks.model.shape import ColumnShape

ALL_KINDS = frozenset(
    {
        Kind.INTEGER,
        Kind.NUMERIC,
        Kind.TEXT,
        Kind.BOOLEAN,
        Kind.DATE,
        Kind.TIMESTAMP,
        Kind.TIMESTAMPTZ,
        Kind.UUID,
        Kind.BYTES,
    }
)


class Hashing:
    """The hashing side of a Database."""

    hashable: ClassVar[frozenset[Kind]] = frozenset()
    """Kinds of target columns for which this database knows the text above."""

    def key_hash(
        self, keys: Sequence[ColumnElement[Any]], stored: Sequence[ColumnShape]
    ) -> ColumnElement[str]:
        """The hash of a business key, whose parts are as `Database.key` gives them.

        `stored` are the target's columns. NULL where a part is NULL; it never fails on a bad value.
        """
        raise NotImplementedError
