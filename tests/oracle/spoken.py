"""The tests' own statements, which every other database takes as they are, as Oracle takes them."""

from __future__ import annotations

import re

from mapper_tasks.dialects.oracle import shapes

_TEXT = r"'(?:[^']|'')*'"
_ROW = re.compile(rf"\((?:[^()']|{_TEXT}|\((?:[^()']|{_TEXT})*\))*\)")
TYPES = (
    (r"\btext\b", "VARCHAR2(4000 CHAR)"),
    (r"\bvarchar\((\d+)\)", r"VARCHAR2(\1 CHAR)"),
    (r"\bchar\((\d+)\)", r"CHAR(\1 CHAR)"),
    (r"\b(?:integer|int)\b", "NUMBER(10)"),
    (r"\bbigint\b", "NUMBER(18)"),
    (r"\bnumeric\b", "NUMBER"),
    (r"\bboolean\b", "NUMBER(1)"),
    (r"\btimestamp\b", "TIMESTAMP(6)"),
    (r"\bSTORED\b", "VIRTUAL"),
)
_TRUTH = re.compile(rf"({_TEXT})|\b(true|false)\b")


def spoken(statement):
    """The statements that come to the same on Oracle.

    >>> spoken("INSERT INTO t VALUES (1, true), (2, NULL)")
    ['INSERT INTO t VALUES (1, 1)', 'INSERT INTO t VALUES (2, NULL)']
    """
    if statement.lstrip().startswith("CREATE TABLE"):
        for told, meant in TYPES:
            statement = re.sub(told, meant, statement)
        return [statement]
    statement = _TRUTH.sub(_as_number, statement)
    head, values, rows = statement.partition("VALUES")
    if not (values and head.lstrip().startswith("INSERT")):
        return [statement]
    return [f"{head}VALUES {row}" for row in _ROW.findall(rows)]


def _as_number(found):
    return found[1] or str(int(found[2] == "true"))


_NUMBERS = re.compile(r"\((\d+)(?: CHAR)?(?:,(\d+))?\)")


def shape(spelled):
    """The column of a type, as the catalog would tell of it.

    >>> shape("TIMESTAMP(6) WITH TIME ZONE").sql_type, shape("NUMBER(9,2)").scale
    ('TIMESTAMP(6) WITH TIME ZONE', 2)
    """
    declared, found = _NUMBERS.sub("", spelled), _NUMBERS.search(spelled)
    first, second = (int(one or 0) for one in found.groups()) if found else (None, None)
    if declared == "NUMBER":
        return shapes.shape_of("c", declared, precision=first, scale=second)
    if declared.startswith("TIMESTAMP"):
        return shapes.shape_of("c", declared, scale=first)
    return shapes.shape_of("c", declared, length=first)
