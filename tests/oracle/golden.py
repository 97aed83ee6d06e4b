"""The golden files: what is sent to Oracle, scene by scene, so that a change is seen in review.

    ./dev golden        writes them anew

A statement stands in the file of the first scene that has it.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.oracle import ledger, more_scenes
from tests.oracle.scenes import scenes

FOLDER = Path(__file__).parents[1] / "golden" / "oracle"
END = "\n/\n"
_EXECUTED = re.compile(r"EXECUTE IMMEDIATE '((?:[^']|'')*)'")


def files():
    """Name -> text."""
    seen = set()
    played = scenes() | more_scenes.scenes() | ledger.scenes()
    return {name: _text(statements, seen) for name, statements in played.items()}


def _text(statements, seen):
    shown = [_tidy(one) for one in statements]
    new = [one for one in dict.fromkeys(shown) if one not in seen]
    seen.update(new)
    return "".join(f"{one}{END}" for one in new)


def _tidy(statement):
    """The same statement, broken where its clauses begin."""
    lines = [line.rstrip() for line in statement.strip().splitlines()]
    text = "\n".join(lines)
    if re.match(r"BEGIN|DECLARE", text):
        return text
    return re.sub(r" (FROM \(|LEFT OUTER JOIN|UNION ALL|ORDER BY (?!\S+ ROWS))", r"\n\1", text)


def statements():
    """(file, statement) of every golden file as they are kept, and what they execute as text."""
    return [
        (file.stem, part)
        for file in sorted(FOLDER.glob("*.sql"))
        for one in file.read_text(encoding="utf-8").split(END)
        if one.strip()
        for part in (one, *_executed(one))
    ]


def _executed(block):
    return [text.replace("''", "'") for text in _EXECUTED.findall(block)]


def main():
    written = files()
    for file in FOLDER.glob("*.sql"):
        if file.stem not in written:
            file.unlink()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (FOLDER / f"{name}.sql").write_text(text, encoding="utf-8")
    print(f"{len(statements())} statements in {FOLDER}")  # noqa: T201


if __name__ == "__main__":
    main()
