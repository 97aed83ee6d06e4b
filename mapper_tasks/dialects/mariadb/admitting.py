"""Rows admitted to the stage by the server itself, in blocks; only a block that fails is parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, column, insert, literal_column, select, table, text

from mapper_tasks.dialects.mariadb import temporary
from mapper_tasks.dialects.mariadb.driver import as_sqlalchemy, driver_of
from mapper_tasks.dialects.mariadb.faults import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Insert, TableClause

    from mapper_tasks.dialects.stager import Admission

# Larger blocks part more rows for each bad one; smaller ones are more statements.
BLOCK_ROWS = 64
BAD = "mp_bad"

# A statement that fails takes its own rows back, and no others: no savepoints are needed.
_ADMIT = """
BEGIN NOT ATOMIC
  DECLARE mp_low, mp_top, mp_one BIGINT DEFAULT 1;
  DECLARE mp_high BIGINT;
  DECLARE mp_failed BOOLEAN;
  DECLARE mp_said TEXT;
  SELECT max(mp_rid) INTO mp_top FROM {raw};
  WHILE mp_low <= mp_top DO
    SET mp_high = least(mp_low + {step} - 1, mp_top), mp_failed = FALSE;
    BEGIN
      DECLARE EXIT HANDLER FOR {faults} SET mp_failed = TRUE;
      {block};
    END;
    SET mp_one = mp_low;
    WHILE mp_failed AND mp_one <= mp_high DO
      BEGIN
        DECLARE EXIT HANDLER FOR {faults}
        BEGIN
          GET DIAGNOSTICS CONDITION 1 mp_said = MESSAGE_TEXT;
          INSERT INTO {bad} VALUES (mp_one, mp_said);
          BEGIN
            DECLARE EXIT HANDLER FOR {faults} BEGIN END;
            {reject};
          END;
        END;
        {single};
      END;
      SET mp_one = mp_one + 1;
    END WHILE;
    SET mp_low = mp_high + 1;
  END WHILE;
END
"""


def admit(writer: Connection, admission: Admission) -> list[tuple[int, str]]:
    """Stage what the stage takes; (mp_rid, message) of each row that it does not."""
    temporary.create(writer, BAD, [("mp_rid", "bigint"), ("said", "text")], (), ())
    driver = driver_of(writer)
    with as_sqlalchemy(driver), driver.cursor() as cursor:
        cursor.execute(_statement(writer, admission))
    bad = writer.execute(text(f"SELECT mp_rid, said FROM {BAD} ORDER BY mp_rid")).all()
    return [(row.mp_rid, row.said) for row in bad]


def _statement(writer: Connection, admission: Admission) -> str:
    raw = admission.raw
    one = raw.c.mp_rid == literal_column("mp_one")
    many = and_(raw.c.mp_rid >= literal_column("mp_low"), raw.c.mp_rid <= literal_column("mp_high"))
    return _ADMIT.format(
        block=rendered(writer, _insert(admission.into, admission.values, raw, many)),
        single=rendered(writer, _insert(admission.into, admission.values, raw, one)),
        reject=rendered(writer, _insert(admission.rejected, admission.key, raw, one)),
        raw=raw.name,
        bad=BAD,
        step=BLOCK_ROWS,
        faults=", ".join(str(number) for number in sorted(ROWS)),
    )


def _insert(
    into: str,
    values: Mapping[str, ColumnElement[Any]],
    raw: TableClause,
    which: ColumnElement[bool],
) -> Insert:
    target = table(into, *[column(name) for name in values])
    rows = select(*values.values()).select_from(raw).where(which)
    return insert(target).from_select(list(values), rows)


def rendered(connection: Connection, statement: Any) -> str:
    """The statement with its parameters in it: a block takes none."""
    compiled: Any = statement.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    with driver_of(connection).cursor() as cursor:
        return str(cursor.mogrify(compiled.string, compiled.params))
