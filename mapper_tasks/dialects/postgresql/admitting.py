"""Rows admitted to the stage by the server itself, in blocks; only a block that fails is parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, column, insert, literal_column, select, table, text

from mapper_tasks.dialects.postgresql.copying import as_sqlalchemy, driver_of, rendered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Insert, TableClause

    from mapper_tasks.dialects.stager import Admission

# Larger blocks part more rows for each bad one; smaller ones start more savepoints.
BLOCK_ROWS = 64
BAD = "mp_bad"

_INDEX = "CREATE UNIQUE INDEX IF NOT EXISTS {raw}_rid ON {raw} (mp_rid)"

# A PL/pgSQL block with EXCEPTION is a savepoint without a round trip. The message is the
# database's own; a value or a constraint is to blame, or a trigger or function that raised.
_ADMIT = """
DO {quote} DECLARE
  mp_low bigint := 1;
  mp_high bigint;
  mp_one bigint;
  mp_top bigint;
BEGIN
  SELECT max(mp_rid) INTO mp_top FROM {raw};
  WHILE mp_low <= mp_top LOOP
    mp_high := least(mp_low + {step} - 1, mp_top);
    BEGIN
      {block};
    EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          {single};
        EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
          INSERT INTO {bad} VALUES (mp_one, SQLERRM);
          BEGIN
            {reject};
          EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN NULL;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END {quote}"""


def admit(writer: Connection, admission: Admission) -> list[tuple[int, str]]:
    """Stage what the stage takes; (mp_rid, message) of each row that it does not."""
    writer.execute(text(f"CREATE TEMP TABLE {BAD} (mp_rid bigint, said text) ON COMMIT DROP"))
    writer.execute(text(_INDEX.format(raw=admission.raw.name)))
    driver = driver_of(writer)
    with as_sqlalchemy(driver):
        driver.execute(_statement(writer, admission).encode())
    bad = writer.execute(text(f"SELECT mp_rid, said FROM {BAD} ORDER BY mp_rid")).all()
    writer.execute(text(f"DROP TABLE {BAD}"))
    return [(row.mp_rid, row.said) for row in bad]


def _statement(writer: Connection, admission: Admission) -> str:
    raw = admission.raw
    one = raw.c.mp_rid == literal_column("mp_one")
    many = and_(raw.c.mp_rid >= literal_column("mp_low"), raw.c.mp_rid <= literal_column("mp_high"))
    parts = {
        "block": rendered(writer, _insert(admission.into, admission.values, raw, many)),
        "single": rendered(writer, _insert(admission.into, admission.values, raw, one)),
        "reject": rendered(writer, _insert(admission.rejected, admission.key, raw, one)),
    }
    return _ADMIT.format(**parts, quote=_tag(parts), raw=raw.name, bad=BAD, step=BLOCK_ROWS)


def _insert(
    into: str,
    values: Mapping[str, ColumnElement[Any]],
    raw: TableClause,
    which: ColumnElement[bool],
) -> Insert:
    target = table(into, *[column(name) for name in values])
    rows = select(*values.values()).select_from(raw).where(which)
    return insert(target).from_select(list(values), rows)


def _tag(parts: Mapping[str, str]) -> str:
    """A dollar quote that none of the statements contains."""
    tag = "$mp$"
    while any(tag in part for part in parts.values()):
        tag = tag[:-1] + "p$"
    return tag
