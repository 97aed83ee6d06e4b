"""Everything that is sent to Oracle, as golden files that parsers have accepted."""

from __future__ import annotations

import re

import pytest
import sqlglot

from tests.oracle import golden, grammar, lint
from tests.oracle.server import PAGE

# What sqlglot has no grammar for.
_NO_GRAMMAR = re.compile(
    r"BEGIN|DECLARE|SET TRANSACTION|SAVEPOINT|ROLLBACK TO|LOCK TABLE|EXPLAIN|.* IDENTITY \(",
    re.DOTALL,
)

KEPT = golden.statements()


@pytest.fixture(scope="module")
def sent():
    return golden.files()


def test_what_is_sent_is_what_the_golden_files_say(sent):
    kept = {file.stem: file.read_text() for file in golden.FOLDER.glob("*.sql")}
    changed = sorted(name for name in kept.keys() | sent if kept.get(name) != sent.get(name))
    assert changed == [], "./dev golden writes them anew"


def test_every_scene_says_something_that_no_other_says(sent):
    assert [name for name, text in sent.items() if not text] == []


@pytest.mark.parametrize("scene", sorted({scene for scene, _ in KEPT}))
def test_no_statement_is_one_that_19c_refuses(scene):
    found = {one: lint.faults(one) for name, one in KEPT if name == scene}
    assert {one: said for one, said in found.items() if said} == {}


@pytest.mark.parametrize("scene", sorted({scene for scene, _ in KEPT}))
def test_every_statement_of_sql_is_read_as_oracles(scene):
    for name, one in KEPT:
        if name == scene and not _NO_GRAMMAR.match(one):
            # It knows binds by name only.
            sqlglot.parse_one(re.sub(r":(\d)", r":b\1", one), read="oracle")


def test_a_grammar_of_oracle_has_accepted_every_golden_file():
    assert grammar.accepted() == grammar.digests(), "./dev grammar has them read again"


def test_the_page_says_how_many_statements_there_are():
    told = {one for _, one in KEPT}
    assert f"all {len(told)} statements were accepted" in PAGE.read_text(encoding="utf-8")


REFUSED = [
    ("SELECT a FROM t LIMIT 3", "LIMIT"),
    ("SELECT a FROM t AS x", "AS before"),
    ("SELECT a FROM (SELECT 1 FROM dual) AS x WHERE a = 1", "AS before"),
    ("SELECT a FROM t EXCEPT SELECT a FROM s", "MINUS"),
    ("INSERT INTO t (a, b) VALUES (1, f(2)), (3, 4)", "several rows"),
    ("SELECT 1", "without FROM"),
    ("UPDATE t SET a = s.a FROM s WHERE t.b = s.b", "UPDATE .. FROM"),
    ("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", "ON CONFLICT"),
    ("MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED AND s.b = 1 THEN DELETE", "WHERE"),
    ("CREATE TABLE IF NOT EXISTS t (a NUMBER)", "EXISTS in DDL"),
    ("SELECT a FROM t WHERE b = ''", "empty text"),
    ("SELECT a FROM t WHERE (a, b) > (1, 2)", "rows compared"),
    ("SELECT row_number() OVER (PARTITION BY a) FROM t", "rank"),
    ("SELECT a FROM t WHERE b = :date", "reserved"),
    ("SELECT a FROM t;", "semicolon"),
    (f"SELECT {'a' * 129} FROM t", "longer than"),
    (f"SELECT a FROM t WHERE b IN ({', '.join('1' * 1001)})", "1000 items"),
    ("MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED THEN UPDATE SET a = s.b", "MERGE"),
    ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "ORA-08177"),
    ("SELECT 1 FROM t FOR UPDATE OF t.rowid", "pseudocolumn"),
    ("SELECT DISTINCT a FROM t FOR UPDATE OF t.a", "ORA-02014"),
    ("SELECT a FROM t JOIN s ON t.a = s.a FOR UPDATE", "every table"),
    (
        "CREATE PRIVATE TEMPORARY TABLE ora$ptt_t (a NUMBER) ON COMMIT PRESERVE DEFINITION",
        "commits",
    ),
    ("CREATE PRIVATE TEMPORARY TABLE t (a NUMBER) ON COMMIT DROP DEFINITION", "prefix"),
    ("CREATE PRIVATE TEMPORARY TABLE ora$ptt_t (a NUMBER DEFAULT 1)", "default"),
    ("CREATE INDEX i ON ora$ptt_t (a)", "index on a private"),
    ("INSERT INTO t (a, note, b) VALUES (:1, :2, :3)", "after a LOB"),
    ("SELECT a FROM t WHERE t.note = :x", "a LOB compared"),
    ("SELECT a FROM t WHERE DECODE(t.a, s.note, 0, 1) = 1", "in DECODE"),
    ("SELECT DISTINCT t.a, t.note FROM t", "in DISTINCT"),
    ("SELECT a FROM t ORDER BY t.a, t.note", "ordered by"),
    ("SELECT standard_hash(t.note, 'MD5') FROM t", "hash of"),
]


@pytest.mark.parametrize(("statement", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_the_lint_sees_what_a_grammar_lets_through(statement, said):
    assert any(said in one for one in lint.faults(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a FROM t WHERE b = 'LIMIT 3'",
        "SELECT CAST(a AS VARCHAR2(9 CHAR)) AS b FROM t",
        "UPDATE t SET a = (SELECT b FROM s) WHERE c = 1",
        "BEGIN x; END;",
        "SELECT 1 FROM t JOIN s ON t.a = s.a FOR UPDATE OF s.a",
        "SELECT a FROM t WHERE DBMS_LOB.COMPARE(t.note, s.note) = 0 AND t.note IS NULL",
        "UPDATE t SET note=(SELECT s.note FROM s WHERE s.a = t.a) WHERE t.a = 1",
        "INSERT INTO t (a, b, note) VALUES (:1, :2, :3)",
    ],
)
def test_the_lint_lets_through_what_is_right(statement):
    assert lint.faults(statement) == []
