"""Rows admitted to the stage by the server itself, in blocks; only a block that fails is parted.

A statement that fails leaves nothing behind, so no savepoints are needed within the block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, column, literal_column, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from mapper_tasks.dialects.oracle import faults, temporary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, TableClause
    from sqlalchemy.sql.compiler import SQLCompiler

    from mapper_tasks.dialects.stager import Admission

# Larger blocks part more rows for each bad one.
BLOCK_ROWS = 64
BAD = "mp_bad"
_BAD = table(BAD, column("mp_rid"), column("said"))
_WORDS = 2000  # characters of a message that are kept

# SQLERRM stands in no statement of SQL: it is put into a variable first.
_ADMIT = """DECLARE
  mp_low NUMBER := 1;
  mp_high NUMBER;
  mp_top NUMBER;
  mp_said VARCHAR2(4000 CHAR);
  FUNCTION of_row RETURN BOOLEAN IS BEGIN RETURN {of_row}; END;
BEGIN
  SELECT MAX(mp_rid) INTO mp_top FROM {raw};
  WHILE mp_low <= mp_top LOOP
    mp_high := LEAST(mp_low + {step} - 1, mp_top);
    BEGIN
      {block};
    EXCEPTION WHEN OTHERS THEN
      IF NOT of_row THEN RAISE; END IF;
      FOR mp_one IN mp_low .. mp_high LOOP
        BEGIN
          {single};
        EXCEPTION WHEN OTHERS THEN
          IF NOT of_row THEN RAISE; END IF;
          mp_said := SUBSTR(SQLERRM, 1, {words});
          INSERT INTO {bad} (mp_rid, said) VALUES (mp_one, mp_said);
          BEGIN
            {reject};
          EXCEPTION WHEN OTHERS THEN
            IF NOT of_row THEN RAISE; END IF;
          END;
        END;
      END LOOP;
    END;
    mp_low := mp_high + 1;
  END LOOP;
END;"""


class Copied:
    """An INSERT of some raw rows, with what becomes of their values."""

    def __init__(
        self,
        into: str,
        values: Mapping[str, ColumnElement[Any]],
        raw: TableClause,
        which: ColumnElement[bool],
    ) -> None:
        self.into = into
        self.names = list(values)
        self.rows = select(*values.values()).select_from(raw).where(which)

    def spelled(self, compiler: SQLCompiler, **options: Any) -> str:
        names = ", ".join(compiler.preparer.quote(name) for name in self.names)
        rows = compiler.process(self.rows, **options)
        return f"INSERT INTO {temporary.real_name(self.into)} ({names}) {rows}"


class Admit(Executable, ClauseElement):
    """The PL/SQL block; its statements' parameters are bound by name, each once."""

    inherit_cache = False

    def __init__(self, admission: Admission) -> None:
        raw = admission.raw
        one = raw.c.mp_rid == literal_column("mp_one")
        many = raw.c.mp_rid.between(literal_column("mp_low"), literal_column("mp_high"))
        self.raw = raw
        self.block = Copied(admission.into, admission.values, raw, many)
        self.single = Copied(admission.into, admission.values, raw, one)
        self.reject = Copied(admission.rejected, admission.key, raw, one)


@compiles(Admit, "oracle")
def _admit(element: Admit, compiler: SQLCompiler, **options: Any) -> str:
    copied: dict[str, Copied] = {
        name: getattr(element, name) for name in ("block", "single", "reject")
    }
    parts = {name: one.spelled(compiler, **options) for name, one in copied.items()}
    # The block gives no rows back, whatever its statements select.
    compiler._result_columns.clear()  # noqa: SLF001 - there is no public way to say so
    return _ADMIT.format(
        **parts,
        raw=temporary.real_name(element.raw.name),
        bad=temporary.real_name(BAD),
        of_row=faults.row_condition(),
        step=BLOCK_ROWS,
        words=_WORDS,
    )


def admit(writer: Connection, admission: Admission) -> list[tuple[int, str]]:
    """Stage what the stage takes; (mp_rid, message) of each row that it does not."""
    types = [("mp_rid", "NUMBER(19)"), ("said", "VARCHAR2(4000 CHAR)")]
    writer.exec_driver_sql(temporary.creation(BAD, types))
    writer.execute(Admit(admission))
    bad = writer.execute(select(_BAD).order_by(_BAD.c.mp_rid)).all()
    return [(int(row.mp_rid), row.said) for row in bad]
