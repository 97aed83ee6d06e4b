"""The generated documents are what the code says today."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from mapper_tasks.model.errors import all_errors
from mapper_tasks.model.status import CHUNK_CHANGES, RUN_CHANGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generate() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "generate.py"))


def test_the_generated_pages_are_up_to_date(generate: dict[str, Any]) -> None:
    assert generate["outdated"]() == [], "run ./dev docs"


def test_every_error_is_in_the_page_with_its_code_and_its_mend(generate: dict[str, Any]) -> None:
    page = generate["errors_page"]()
    for kind in all_errors():
        assert f"### {kind.code} {kind.__name__}\n" in page
        assert kind.mend, f"{kind.__name__} does not say how to mend it"


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in all_errors()]
    assert len(codes) == len(set(codes))


def test_every_legal_change_of_status_is_in_the_lifecycle() -> None:
    page = (DOCS / "lifecycle.md").read_text(encoding="utf-8")
    for (old, new), when in [*RUN_CHANGES.items(), *CHUNK_CHANGES.items()]:
        assert f"| {old} | {new} | {when} |" in page
