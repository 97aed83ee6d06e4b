"""JOB on the command line: a YAML or JSON file, or `-` for standard input."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from mapper_tasks.model.errors import UnreadableJob
from mapper_tasks.model.job import Job


def read_job(name: str) -> Job:
    """The job in the file `name`. Raises UnreadableJob (MAP-1011) or JobInvalid (MAP-1001)."""
    text = _text(name)
    data = _json(name, text) if text.lstrip().startswith("{") else _yaml(name, text)
    return Job.read(data)


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as fault:
        raise UnreadableJob(f"{name}: {fault.strerror or 'cannot be read'}") from fault
    except UnicodeDecodeError as fault:
        raise UnreadableJob(f"{name}: not UTF-8 text") from fault


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError:
        # A YAML file may begin with a brace too; its parser tells the fault as well.
        return _yaml(name, text)
    except ValueError as fault:
        raise UnreadableJob(f"{name}: {fault}") from fault


def _yaml(name: str, text: str) -> Any:
    try:
        return yaml.load(text, JobLoader)  # noqa: S506 - it is a SafeLoader
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise UnreadableJob(f"{name}{place}: {fault.problem}") from fault
    except yaml.YAMLError as fault:
        raise UnreadableJob(f"{name}: not YAML or JSON") from fault


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"the field {key!r} stands twice")
    return dict(pairs)


class JobLoader(yaml.SafeLoader):
    """YAML that means what its JSON would: `NO`, `012` and `2024-01-01` are texts.

    A field that stands twice is an error, where YAML would drop one in silence.
    """

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT002 - the signature of the base
    ) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field {key.value!r} stands twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


# YAML 1.2's core schema, without numbers that JSON would not take.
_PLAIN = (
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", list("-0123456789")),
)
JobLoader.yaml_implicit_resolvers = {}
for _word, _pattern, _first in _PLAIN:
    JobLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_word}", re.compile(f"^(?:{_pattern})$"), _first
    )
