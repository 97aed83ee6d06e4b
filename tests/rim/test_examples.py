"""Everything under examples/ works as its README says."""

from __future__ import annotations

import json
import runpy
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from mapper_tasks.cli.jobfile import read_job
from tests.rim.terminal import Terminal

EXAMPLES = Path(__file__).parents[2] / "examples"
ENVIRONMENT = {
    "MAPPER_CONNECTIONS__SHOP": "sqlite:///shop.db",
    "MAPPER_CONNECTIONS__WAREHOUSE": "sqlite:///warehouse.db",
}


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_example_is_a_job(path: Path) -> None:
    assert read_job(str(path)).mapref


def test_two_sqlite_files_as_the_readme_tells(tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(EXAMPLES / "local", tmp_path, dirs_exist_ok=True)
    terminal = Terminal(tmp_path, dict(ENVIRONMENT))

    def make_shop(*day: str) -> None:
        monkeypatch.setattr(sys, "argv", ["make_shop.py", *day])
        monkeypatch.chdir(tmp_path)
        runpy.run_path("make_shop.py", run_name="__main__")

    def load() -> tuple[int, ...]:
        answer = terminal.mapper("run", "customers.yaml", "--local", "--json")
        assert answer.code == 0, answer.err
        return tuple(answer.result[name] for name in ("inserted", "expired", "unchanged"))

    make_shop()
    assert load() == (4, 0, 0)
    assert load() == (0, 0, 4)
    make_shop("2")
    assert terminal.mapper("plan", "customers.yaml").code == 0
    assert load() == (3, 3, 1)
    assert terminal.mapper("verify", "customers.yaml").code == 0
    assert len(terminal.mapper("status", "--json").result["runs"]) == 3
    warehouse = sqlite3.connect(tmp_path / "warehouse.db")
    versions = warehouse.execute(
        "SELECT name, city, level, curflg FROM dim_customer WHERE customer_id = 2 ORDER BY fromdt"
    ).fetchall()
    warehouse.close()
    assert versions == [
        ("ALAN TURING", "Manchester", "gold", "N"),
        ("ALAN TURING", "Wilmslow", "gold", "Y"),
    ]
    assert set(ENVIRONMENT) == set(_exported(EXAMPLES / "local" / "README.md"))


def _exported(readme: Path) -> list[str]:
    lines = readme.read_text(encoding="utf-8").splitlines()
    return [line.split()[1].partition("=")[0] for line in lines if line.startswith("export ")]


def test_the_job_of_the_readme_is_a_job(tmp_path: Path) -> None:
    text = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "readme.yaml"
    path.write_text(text.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert json.loads(json.dumps(read_job(str(path)).as_json()))["mapref"] == "DIM_CUSTOMER"
