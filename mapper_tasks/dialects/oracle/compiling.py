"""SQL as Oracle 19c takes it, where SQLAlchemy renders it for a newer server or not at all."""

from __future__ import annotations

import operator as op
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Text
from sqlalchemy.dialects.oracle.base import OracleIdentifierPreparer
from sqlalchemy.dialects.oracle.cx_oracle import OracleCompiler_cx_oracle
from sqlalchemy.dialects.oracle.oracledb import OracleDialect_oracledb
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import OPERATORS
from sqlalchemy.sql.elements import (
    AsBoolean,
    BinaryExpression,
    BooleanClauseList,
    Grouping,
    Tuple,
    UnaryExpression,
)
from sqlalchemy.sql.selectable import Exists

from mapper_tasks.dialects.oracle.temporary import is_temporary, real_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BinaryExpression as Binary
    from sqlalchemy import Case, Cast, ColumnElement, Connection, Label, Over, TableClause

LONGEST_TEXT = "VARCHAR2(4000 CHAR)"  # of SQL, where a server has the standard string size
_STRICT = {op.gt: ">", op.ge: ">", op.lt: "<", op.le: "<"}
_RANKS = frozenset({"row_number", "rank", "dense_rank"})
_TESTS = frozenset({operators.is_true, operators.is_false})


def is_predicate(element: Any) -> bool:
    """Whether the expression is a condition, which 19c takes for no value."""
    if isinstance(element, Grouping):
        return is_predicate(element.element)
    if isinstance(element, AsBoolean):
        return element.operator in _TESTS
    if isinstance(element, (BooleanClauseList, Exists)):
        return True
    if isinstance(element, BinaryExpression):
        return operators.is_comparison(element.operator)
    # NOT (...) over a condition
    return isinstance(element, UnaryExpression) and (
        element.operator is operators.inv or is_predicate(element.element)
    )


class Compiling(OracleCompiler_cx_oracle):
    """Conditions as values, rows compared part by part, ranks with an order, temporary names."""

    # ---- conditions and values are two things

    def visit_label(self, label: Label[Any], **kw: Any) -> str:  # type: ignore[override]
        shown = kw.get("within_columns_clause") and not kw.get("within_label_clause")
        if not (shown and is_predicate(label.element)):
            return str(super().visit_label(label, **kw))
        condition, _, name = str(super().visit_label(label, **kw)).rpartition(
            str(OPERATORS[operators.as_])
        )
        return f"{_as_value(condition)}{OPERATORS[operators.as_]}{name}"

    def visit_case(self, clause: Case[Any], **kw: Any) -> str:
        if clause.value is not None:
            return str(super().visit_case(clause, **kw))
        whens = [
            f"WHEN {self._condition(test, **kw)} THEN {self._value(result, **kw)}"
            for test, result in clause.whens
        ]
        last = [] if clause.else_ is None else [f"ELSE {self._value(clause.else_, **kw)}"]
        return " ".join(["CASE", *whens, *last, "END"])

    def _condition(self, test: ColumnElement[Any], **kw: Any) -> str:
        text = str(self.process(test, **kw))
        is_flag = isinstance(test.type, Boolean) and not is_predicate(test)
        return f"{text} = 1" if is_flag else text

    def _value(self, result: ColumnElement[Any], **kw: Any) -> str:
        text = str(self.process(result, **kw))
        return _as_value(text) if is_predicate(result) else text

    # ---- rows compared: (a, b) > (x, y)

    def visit_gt_binary(self, binary: Binary[Any], operator: Any, **kw: Any) -> str:
        return self._compared(binary, operator, **kw)

    def visit_ge_binary(self, binary: Binary[Any], operator: Any, **kw: Any) -> str:
        return self._compared(binary, operator, **kw)

    def visit_lt_binary(self, binary: Binary[Any], operator: Any, **kw: Any) -> str:
        return self._compared(binary, operator, **kw)

    def visit_le_binary(self, binary: Binary[Any], operator: Any, **kw: Any) -> str:
        return self._compared(binary, operator, **kw)

    def _compared(self, binary: Binary[Any], operator: Any, **kw: Any) -> str:
        left, right = _bare(binary.left), _bare(binary.right)
        if not (isinstance(left, Tuple) and isinstance(right, Tuple)):
            return str(self._generate_generic_binary(binary, OPERATORS[operator], **kw))
        here, there = (
            [str(self.process(part, **kw)) for part in side.clauses] for side in (left, right)
        )
        or_equal = operator in (op.ge, op.le)
        return f"({lexical(here, there, _STRICT[operator], or_equal=or_equal)})"

    # ---- the rest

    def visit_over(self, over: Over[Any], **kw: Any) -> str:
        text = str(super().visit_over(over, **kw))
        ranks = getattr(over.element, "name", "") in _RANKS
        if ranks and (over.order_by is None or not len(over.order_by)):
            return f"{text[:-1].rstrip()}{'' if text.endswith('()') else ' '}ORDER BY NULL)"
        return text

    def visit_cast(self, cast: Cast[Any], **kw: Any) -> str:
        if type(cast.type) is Text:  # a CLOB, to which nothing is cast
            return f"CAST({self.process(cast.clause, **kw)} AS {LONGEST_TEXT})"
        return str(super().visit_cast(cast, **kw))

    def visit_table(self, table: TableClause, **kw: Any) -> str:  # type: ignore[override]
        text = str(super().visit_table(table, **kw))
        if not (kw.get("asfrom") and is_temporary(table)):
            return text
        alias = kw.get("enclosing_alias")
        named = alias is not None and alias.element is table
        return real_name(table.name) if named else f"{real_name(table.name)} {text}"


def lexical(left: Sequence[str], right: Sequence[str], sign: str, *, or_equal: bool) -> str:
    """The comparison of two rows, part by part; its first part alone can use an index.

    >>> lexical(["a", "b"], [":x", ":y"], ">", or_equal=True)
    'a >= :x AND (a > :x OR b >= :y)'
    """
    if len(left) == 1:
        return f"{left[0]} {sign}{'=' if or_equal else ''} {right[0]}"
    rest = lexical(left[1:], right[1:], sign, or_equal=or_equal)
    if len(left) > 2:
        rest = f"({rest})"
    return f"{left[0]} {sign}= {right[0]} AND ({left[0]} {sign} {right[0]} OR {rest})"


def _as_value(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _bare(element: Any) -> Any:
    return element.element if isinstance(element, Grouping) else element


class Preparing(OracleIdentifierPreparer):
    """Names; that of a temporary table has the prefix which Oracle demands."""

    def format_table(self, table: Any, *words: Any, **kw: Any) -> str:
        if is_temporary(table):
            return real_name(table.name)
        return str(super().format_table(table, *words, **kw))


class OracleDialect(OracleDialect_oracledb):
    """SQLAlchemy's dialect, held to what 19c has whatever the server's version is."""

    supports_statement_cache = True
    supports_native_boolean = False
    statement_compiler = Compiling
    preparer = Preparing

    def initialize(self, connection: Connection) -> None:
        super().initialize(connection)
        self.supports_native_boolean = False

    def get_default_isolation_level(self, dbapi_conn: Any) -> Any:
        # To ask the server begins a transaction and needs a right on V$TRANSACTION.
        return "READ COMMITTED"

    def do_savepoint(self, connection: Connection, name: str) -> None:
        if not _only_reads(connection):
            super().do_savepoint(connection, name)

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        if not _only_reads(connection):
            super().do_rollback_to_savepoint(connection, name)


ONLY_READS = "mapper_only_reads"


def _only_reads(connection: Connection) -> bool:
    """A statement that fails leaves nothing behind: reading needs no savepoints."""
    return bool(connection.get_execution_options().get(ONLY_READS))
