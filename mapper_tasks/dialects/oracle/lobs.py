"""CLOBs and BLOBs of any length, which SQL has no equality for. An empty one is NULL.

Two of them are compared by DBMS_LOB, byte by byte. What stands for one is a number made of the
hashes of its pieces: STANDARD_HASH takes none longer than text of SQL, and DBMS_CRYPTO would need
a grant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from mapper_tasks.dialects.oracle.verbatim import verbatim

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler

SHORT_TYPE = "NUMBER"
_ZERO, _ONE = verbatim("0"), verbatim("1")

# A piece shares its last letter with the next: one that takes two places is whole in either. The
# sum of 24 hex digits of each, hashed with its place, is exact in a NUMBER.
_SHORT = """(SELECT SUM(to_number(substr(standard_hash(LEVEL || \
standard_hash(dbms_lob.substr({lob}, 1000, 999 * LEVEL - 998), 'SHA256'), 'SHA256'), 1, 24), \
'XXXXXXXXXXXXXXXXXXXXXXXX')) FROM dual WHERE dbms_lob.getlength({lob}) > 0 \
CONNECT BY LEVEL <= ceil(dbms_lob.getlength({lob}) / 999))"""


def differ(left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether two LOBs differ; where their lengths do, neither is read."""
    compared = case(
        (func.nvl(_length(left), _ZERO) != func.nvl(_length(right), _ZERO), _ONE),
        (_length(left) > _ZERO, func.dbms_lob.compare(left, right)),
        else_=_ZERO,
    )
    return compared != _ZERO


class Short(FunctionElement[Any]):
    """What stands for a LOB: two that differ share it once in 2^96."""

    inherit_cache = True


@compiles(Short, "oracle")
def _short(element: Short, compiler: SQLCompiler, **options: Any) -> str:
    return _SHORT.format(lob=compiler.process(element.clauses, **options))


def _length(lob: ColumnElement[Any]) -> ColumnElement[int]:
    return func.dbms_lob.getlength(lob)
