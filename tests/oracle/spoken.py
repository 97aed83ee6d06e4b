"""The tests' own statements, which every other database takes as they are, as Oracle takes them."""

from __future__ import annotations

import re

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
