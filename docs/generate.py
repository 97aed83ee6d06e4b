"""Writes the parts of the documents that others know best: errors, status changes, types.

`python docs/generate.py` writes them; with `--check` it only says whether they are up to date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from mapper_tasks.model.errors import MapperError, all_errors
from mapper_tasks.model.status import CHUNK_CHANGES, RUN_CHANGES

DOCS = Path(__file__).parent
NAMES = {
    "postgresql": "PostgreSQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "oracle": "Oracle (by no server yet)",
}
FAMILIES = {
    "1": ("The job", "Found before anything is written; the command line exits with 2."),
    "2": ("The plan", "Found before anything is written to the target."),
    "3": ("Rows", "The class of a row in DMS_JOBERR; its neighbours are loaded."),
    "4": ("Databases", "What a database could not do."),
    "5": ("Ledger and run", "What the ledger or a run's state does not allow."),
}


def errors_page() -> str:
    """docs/errors.md, from the classes in mapper_tasks/model/errors.py."""
    parts = [
        "# Errors\n",
        (
            "Generated from `mapper_tasks/model/errors.py` by `./dev docs`. Every error has a "
            "code, says what happened and how to mend it.\n"
        ),
    ]
    by_family: dict[str, list[type[MapperError]]] = {}
    for kind in all_errors():
        by_family.setdefault(kind.code[4], []).append(kind)
    for digit, kinds in by_family.items():
        title, about = FAMILIES[digit]
        parts.append(f"## MAP-{digit}xxx: {title}\n\n{about}\n")
        parts += [_error(kind) for kind in kinds]
    return "\n".join(parts)


def _error(kind: type[MapperError]) -> str:
    said = " ".join((kind.__doc__ or "").split())
    mend = f"\n\nTo mend it: {_plain(kind.mend)}." if kind.mend else ""
    return f"### {kind.code} {kind.__name__}\n\n{_plain(said)}{mend}\n"


def _plain(text: str) -> str:
    """`text` so that Markdown shows it as it is, but for what stands between backquotes."""
    pieces = text.split("`")
    pieces[::2] = [re.sub(r"([_*<])", r"\\\1", piece) for piece in pieces[::2]]
    return "`".join(pieces)


def changes_table(changes: Mapping[tuple[Enum, Enum], str]) -> str:
    rows = [f"| {old.value} | {new.value} | {when} |" for (old, new), when in changes.items()]
    return "\n".join(["| from | to | when |", "|---|---|---|", *rows])


def types_tables() -> str:
    """How the values of each type travel, as docs/types.yaml says and the tests load it."""
    types = yaml.safe_load((DOCS / "types.yaml").read_text(encoding="utf-8"))
    databases = list(types[0]["columns"])
    return "\n\n".join(_types_from(source, databases, types) for source in databases)


def _types_from(source: str, databases: list[str], types: list[dict[str, Any]]) -> str:
    heads = ["type", f"from {NAMES[source]}", *[f"to {NAMES[target]}" for target in databases]]
    rows = [
        [one["type"], f"`{_given(one, source)}`", *[_travels(one, source, to) for to in databases]]
        for one in types
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _given(one: dict[str, Any], source: str) -> str:
    return str(one.get("wider", one["columns"])[source])


def _travels(one: dict[str, Any], source: str, target: str) -> str:
    """A cell: the target's type, and the values that become row errors."""
    refused = [
        name
        for name, value in one["values"].items()
        if _of(value["from"], source) is not None
        and {**value.get("in", {}), **value.get(f"from_{source}", {})}.get(target) == "refused"
    ]
    column = f"`{one['columns'][target]}`"
    return column if not refused else f"{column}, but not {'; '.join(map(_plain, refused))}"


def _of(what: Any, database: str) -> Any:
    return what.get(database) if isinstance(what, dict) else what


def filled(page: str, parts: Mapping[str, str]) -> str:
    """`page` with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    for name, part in parts.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        page, found = between.subn(lambda marks, p=part: f"{marks[1]}{p}\n{marks[2]}", page)  # type: ignore[misc]
        if not found:
            raise LookupError(f"no place for {name!r}")
    return page


def pages() -> dict[Path, str]:
    """Every generated page as it should be."""
    lifecycle, databases = DOCS / "lifecycle.md", DOCS / "databases.md"
    tables = {
        "run changes": changes_table(RUN_CHANGES),
        "chunk changes": changes_table(CHUNK_CHANGES),
    }
    return {
        DOCS / "errors.md": errors_page(),
        lifecycle: filled(lifecycle.read_text(encoding="utf-8"), tables),
        databases: filled(databases.read_text(encoding="utf-8"), {"types": types_tables()}),
    }


def outdated() -> list[Path]:
    """Pages that the code has left behind."""
    return [
        path
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    behind = outdated()
    if "--check" in sys.argv[1:]:
        for path in behind:
            print(f"{path.name} is out of date: run ./dev docs")
        return 1 if behind else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
