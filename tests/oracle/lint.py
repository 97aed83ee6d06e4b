"""What a grammar of Oracle lets through, and Oracle 19c does not."""

from __future__ import annotations

import re

LONGEST_NAME = 128  # bytes
LOBS = set(  # the columns of the scenes and of the ledger that are
    """note photo param1 prclog jobspec plan cancelled slice seconds error errmsg dberrmsg keyvalue
    payload message""".split()  # noqa: SIM905
)
# mp_event keeps a number in the place of a LOB.
_LOB = rf"(?<![\w$])(?!mp_event\.)[\w$]+\.(?:{'|'.join(sorted(LOBS))})\b"
MOST_ITEMS = 1000
_TEXT = re.compile(r"'(?:[^']|'')*'")
_NAME = re.compile(r'"[^"]+"|\b[A-Za-z_][\w$#]*')

# In statements whose text literals are emptied.
RULES: dict[str, str] = {
    r"\bLIMIT\s+[\d:]": "LIMIT: 19c has FETCH FIRST",
    r"\b(?:FROM|JOIN)\s+[\w$.\"]+\s+AS\s+\w": "AS before the alias of a table",
    r"\)\s+AS\s+\w+\s+(?:ON|WHERE|JOIN|LEFT)\b": "AS before the alias of a subquery",
    r"\bEXCEPT\b": "EXCEPT: 19c has MINUS",
    r"\bVALUES\s*\((?:[^()]|\([^()]*\))*\)\s*,\s*\(": "several rows of VALUES",
    r"^SELECT(?:(?!\bFROM\b).)*$": "SELECT without FROM",
    r"^UPDATE\b.*\bSET\b(?:(?!\bWHERE\b|\().)*\bFROM\b": "UPDATE .. FROM",
    r"\bON CONFLICT\b": "ON CONFLICT",
    r"\bWHEN MATCHED AND\b": "WHEN MATCHED AND: 19c has WHERE",
    r"\bIF (?:NOT )?EXISTS\b": "IF [NOT] EXISTS in DDL",
    r"\bBOOLEAN\b(?! IS BEGIN)": "BOOLEAN",
    r"\b(?:TRUE|FALSE)\b": "TRUE and FALSE",
    r"\bILIKE\b|::": "another dialect's operator",
    r"\bRELEASE SAVEPOINT\b": "RELEASE SAVEPOINT",
    r"(?:=|<>|<|>)\s*''": "compared with the empty text, which is NULL",
    r"(?<![\w$])\(\s*[\w$.\"]+\s*,[^()]*\)\s*[<>]=?\s*\(": "rows compared by order",
    r"\bOVER \(\)": "a window without an order",
    r"\bROW_NUMBER\(\) OVER \((?:(?!\bORDER\b)[^()])*\)": "a rank without an order",
    r"\bNOT (?:lag|lead)\(": "NOT of a number",
    r"\bsystimestamp\(\)": "SYSTIMESTAMP with brackets",
    r"\bTEXT\b|\bBIGINT\b": "another dialect's type",
    r"\bSERIALIZABLE\b": "SERIALIZABLE: a block of an index that was split is ORA-08177",
    r"\bFOR UPDATE OF [\w$.\"]*\browid\b": "FOR UPDATE OF a pseudocolumn",
    r"^SELECT (?:DISTINCT\b.*|.*\b(?:GROUP BY|FETCH FIRST)\b.*)\bFOR UPDATE\b": (
        "FOR UPDATE of rows that are no table's (ORA-02014)"
    ),
    r"^SELECT\b.*\bJOIN\b.*\bFOR UPDATE\b(?! OF\b)": "FOR UPDATE that locks every table",
    rf"{_LOB}\s*(?:[=<>]|!=|(?:NOT )?(?:IN|BETWEEN|LIKE)\b)|[=<>]\s*{_LOB}": (
        "a LOB compared (ORA-00932)"
    ),
    rf"\bDECODE\((?:[^(),]*,)*\s*{_LOB}": "a LOB in DECODE (ORA-00932)",
    rf"\bSELECT DISTINCT\b(?:(?!\bFROM\b).)*?(?<![(\w]){_LOB}": "a LOB in DISTINCT (ORA-00932)",
    rf"\b(?:GROUP|ORDER|PARTITION) BY\b[^()]*(?<![(\w]){_LOB}": (
        "grouped or ordered by a LOB (ORA-00932)"
    ),
    rf"\bstandard_hash\({_LOB}": "the hash of a LOB (ORA-00902)",
    r"\bPRIVATE TEMPORARY\b.*\bPRESERVE DEFINITION\b": "a table whose making commits",
    r"\bPRIVATE TEMPORARY TABLE (?!ora\$ptt_)": "a private table without its prefix",
    r"\bPRIVATE TEMPORARY\b.*\b(?:DEFAULT|PRIMARY KEY|UNIQUE|NOT NULL)\b": (
        "a private table with a default or a constraint"
    ),
    r"\bINDEX\b.*\bON ora\$ptt_": "an index on a private table",
}
RESERVED = set(
    """access add all alter and any as asc audit between by char check cluster column comment
    compress connect create current date decimal default delete desc distinct drop else exclusive
    exists file float for from grant group having identified immediate in increment index initial
    insert integer intersect into is level like lock long maxextents minus mode modify noaudit
    nocompress not nowait null number of offline on online option or order pctfree prior public raw
    rename resource revoke row rowid rownum rows select session set share size smallint start
    successful synonym sysdate table then to trigger uid union unique update user validate values
    varchar varchar2 view whenever where with""".split()  # noqa: SIM905
)


def faults(statement):
    """What Oracle 19c would refuse, in words. What a grammar sees is left to that."""
    bare = " ".join(_TEXT.sub(_emptied, statement).split())
    is_block = re.match(r"(?i)BEGIN|DECLARE", bare) is not None
    found = [
        said
        for pattern, said in RULES.items()
        if re.search(pattern, bare, re.IGNORECASE) and not (is_block and pattern.startswith("^"))
    ]
    if not is_block and bare.endswith(";"):
        found.append("a semicolon at the end")
    found += [f":{bind} is reserved" for bind in _binds(bare) if bind.lower() in RESERVED]
    found += [
        f"{name[:20]}.. is longer than {LONGEST_NAME} bytes"
        for name in _NAME.findall(bare)
        if len(name.strip('"').encode()) > LONGEST_NAME
    ]
    for items in re.findall(r"\bIN \(([^()]*)\)", bare):
        if items.count(",") >= MOST_ITEMS:
            found.append(f"more than {MOST_ITEMS} items in a list")
    return [*found, *_merge_faults(bare), *_order_faults(bare)]


def _emptied(text):
    """A blank in the place of what a text says; the empty text, which is NULL, stays empty."""
    return "''" if text[0] == "''" else "' '"


def _binds(bare):
    return re.findall(r"(?<![:\w]):([A-Za-z]\w*)", bare)


def _order_faults(bare):
    """Text of more than 4000 bytes that is bound after a LOB is ORA-24816."""
    insert = re.match(r"INSERT INTO \S+ \(([^()]*)\) VALUES \((?::1|FROM_TZ\(:1)\b", bare)
    names = [name.strip() for name in insert[1].split(",")] if insert else []
    lobs = [place for place, name in enumerate(names) if name in LOBS]
    late = bool(lobs) and set(names[lobs[0] :]) - LOBS
    return [f"{min(late)} is bound after a LOB"] if late else []


def _merge_faults(bare):
    merge = re.match(r"MERGE INTO .*? ON \((.*?)\) WHEN MATCHED THEN UPDATE SET (.*)", bare)
    if merge is None:
        return []
    joined = {name.rpartition(".")[2].lower() for name in re.findall(r"[\w$.]+", merge[1])}
    written = {name.lower() for name in re.findall(r"(\w+) = ", merge[2])}
    return [f"MERGE updates {name}, which its ON compares" for name in sorted(joined & written)]
