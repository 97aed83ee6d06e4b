"""Private temporary tables: made within the transaction, which they neither end nor outlive.

A global temporary table would have to be made before, by somebody with the right to, and its DDL
would commit. A private one is of this session alone; its name begins as Oracle demands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS = "mp_"
PREFIX = "ora$ptt_"
TYPES = "mapper_temporary"  # in a connection's info: name -> column -> type

# The neutral words that a stage is described in.
_NEUTRAL: dict[str, str] = {
    "bigint": "NUMBER(19)",
    "boolean": "NUMBER(1)",
    "text": "CLOB",
    "timestamp": "TIMESTAMP(6)",
    "varchar(1)": "VARCHAR2(1 CHAR)",
}

# A name that is taken is one of this transaction, from before a rollback to a savepoint.
_CREATE = """BEGIN
  EXECUTE IMMEDIATE '{create}';
EXCEPTION WHEN OTHERS THEN
  IF SQLCODE <> -955 THEN RAISE; END IF;
  EXECUTE IMMEDIATE 'DELETE FROM {name}';
END;"""


def is_temporary(table: Any) -> bool:
    name = getattr(table, "name", None)
    is_ours = isinstance(name, str) and name.startswith(OURS)
    return is_ours and getattr(table, "schema", None) is None and table.__visit_name__ == "table"


def real_name(name: str) -> str:
    """The name of a temporary table as the server has it: `ora$ptt_mp_stage`."""
    return f"{PREFIX}{name}"


def type_of(sql_type: str) -> str:
    return _NEUTRAL.get(sql_type, sql_type)


def creation(name: str, columns: Sequence[tuple[str, str]]) -> str:
    """The block that makes the table, or empties it; `columns` are (quoted name, type)."""
    parts = ", ".join(f"{column} {type_of(sql_type)}" for column, sql_type in columns)
    create = f"CREATE PRIVATE TEMPORARY TABLE {real_name(name)} ({parts}) ON COMMIT DROP DEFINITION"
    return _CREATE.format(create=re.sub("'", "''", create), name=real_name(name))
