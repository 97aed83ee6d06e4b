"""Has a public grammar of Oracle read the golden files, and writes down which it has accepted.

    ./dev grammar

The grammar is that of github.com/antlr/grammars-v4 (Apache License 2.0), at one commit; it is not
kept here. It is taken from the folder that MAPPER_TEST_ORACLE_GRAMMAR names, or else fetched. To
build its parser takes Debian's packages antlr4 and default-jdk-headless.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from tests.oracle import golden

COMMIT = "aca577d9e30e591eacbc414f1280f22645412af4"  # of 2026-08-18
PLACE = f"https://raw.githubusercontent.com/antlr/grammars-v4/{COMMIT}/sql/plsql"
FILES = {
    "PlSqlLexer.g4": "19fce8c645084c3718915dbd8dd8dd5b9e6b32bc7b25f4bdc7b0956c6ba2e2dc",
    "PlSqlParser.g4": "2eff1511339237ef37de68811ff8ecff84cb885293220dc7e7a4b53d5a7dbcb4",
    "Java/PlSqlLexerBase.java": "6467af4af7261e2b1588e661d3706b5c9a2baaa246008ba75b213feb42d6ef67",
    "Java/PlSqlParserBase.java": "6e99eee658751f5d19b1cbd34358477717372d37f95063f5fb2d919f3ca70c9f",
}
JARS = "/usr/share/java/*"
ACCEPTED = golden.FOLDER / "accepted.sha256"
# A parser that lets these pass would prove nothing.
WRONG = (
    "SELECT FROM t WHERE a = 1",
    "UPDATE t SET a = s.a FROM s WHERE t.b = s.b",
    "MERGE INTO t USING s ON (t.a = s.a) WHEN MATCHED AND s.b = 1 THEN DELETE",
    "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING",
    "CREATE TABLE t (a NUMBER(19)",
    "BEGIN x := 1 END;",
)


def digests():
    """What `sha256sum` says of each golden file, by its name."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(golden.FOLDER.glob("*.sql"))
    }


def accepted():
    """The digests of the files as the grammar has accepted them, by name."""
    lines = ACCEPTED.read_text().splitlines()
    pairs = [line.split() for line in lines if not line.startswith("#")]
    return {name: digest for digest, name in pairs}


def refusals(folder, statements):
    """(statement, fault) of each that the grammar refuses; its parser is built in the folder."""
    for name, digest in FILES.items():
        text = _file(name)
        if hashlib.sha256(text).hexdigest() != digest:
            sys.exit(f"{name} is not that of {COMMIT}")
        (folder / Path(name).name).write_bytes(text)
    shutil.copy(Path(__file__).with_name("Accept.java"), folder)
    (folder / "statements").write_text(golden.END.join(statements), encoding="utf-8")
    _run(folder, "antlr4", "-no-listener", "PlSqlLexer.g4", "PlSqlParser.g4")
    _run(folder, "javac", "-cp", JARS, *[file.name for file in folder.glob("*.java")])
    told = _run(folder, "java", "-cp", f"{JARS}:.", "Accept", "statements")
    faults = [line.split("\t") for line in told.splitlines()]
    return [(statements[int(number)], fault) for number, fault in faults]


def _file(name):
    kept = os.environ.get("MAPPER_TEST_ORACLE_GRAMMAR")
    if kept is not None:
        return (Path(kept) / name).read_bytes()
    with urlopen(f"{PLACE}/{name}", timeout=60) as found:
        return found.read()


def _run(folder, *command):
    if shutil.which(command[0]) is None:
        sys.exit(f"there is no {command[0]}: apt install antlr4 default-jdk-headless")
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    sent = list(dict.fromkeys(one for _, one in golden.statements()))
    with tempfile.TemporaryDirectory() as folder:
        refused = refusals(Path(folder), [*sent, *WRONG])
    passed = set(WRONG) - {statement for statement, _ in refused}
    faults = [f"{fault}\n{statement}\n" for statement, fault in refused if statement not in WRONG]
    faults += [f"the grammar accepts what is wrong: {statement}\n" for statement in sorted(passed)]
    if faults:
        sys.exit("\n".join(faults))
    head = f"# Accepted by the PL/SQL grammar of antlr/grammars-v4 at {COMMIT}\n"
    lines = [f"{digest}  {name}\n" for name, digest in digests().items()]
    ACCEPTED.write_text(head + "".join(lines))
    print(f"{len(sent)} statements accepted, {len(WRONG)} wrong ones refused")  # noqa: T201


if __name__ == "__main__":
    main()
