"""Every test that docs/lifecycle.md names for a promise is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
TABLE = re.search(r"<!-- promises -->\n(.*?)<!-- /promises -->", PAGE, re.DOTALL)[1]
PROMISES = TABLE.splitlines()[2:]


def functions_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line.split("**")[1])
def test_every_promise_names_tests_that_are_there(promise):
    named = re.findall(r"`(tests/\S+?)::(\w+)`", promise)
    assert named
    assert [name for path, name in named if name not in functions_in(path)] == []
