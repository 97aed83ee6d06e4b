"""Reading JOB: YAML means what the same JSON would mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.model.errors import JobInvalid, UnreadableJob
from mapper_tasks.model.job import ColumnRule

JOB = """
mapref: DIM_A
source: {connection: crm, table: a}
target:
  connection: warehouse
  table: dim_a
  business_key: [id]
  columns:
    id: id
"""


def read(tmp_path: Path, text: str, name: str = "job.yaml") -> ColumnRule:
    """The job's extra column `x`."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_job(str(path)).target.columns["x"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("012", "012"),
        ("1:30", "1:30"),
        ("2024-01-31", "2024-01-31"),
        ("1_000", "1_000"),
        ("true", True),
        ("12", 12),
        ("-1.5", -1.5),
        ("1e3", 1000.0),
        ("'7'", "7"),
        ("null", None),
    ],
)
def test_a_plain_yaml_value_is_what_json_would_make_of_it(
    tmp_path: Path, written: str, meant: object
) -> None:
    value = read(tmp_path, JOB + f"    x: {{value: {written}}}\n").value
    assert (value, type(value)) == (meant, type(meant))


def test_json_is_read_as_json(tmp_path: Path) -> None:
    job = {
        "mapref": "DIM_A",
        "source": {"connection": "crm", "table": "a"},
        "target": {
            "connection": "warehouse",
            "table": "dim_a",
            "business_key": ["id"],
            "columns": {"id": "id", "x": {"value": "\t"}},
        },
    }
    assert read(tmp_path, json.dumps(job, indent="\t"), "job.json").value == "\t"


def test_a_job_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(JOB))
    assert read_job("-").mapref == "DIM_A"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableJob, match=r"nothing\.yaml: No such file"):
        read_job(str(tmp_path / "nothing.yaml"))


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableJob, match="line 2"):
        read(tmp_path, "mapref: DIM_A\nsource: ]\n")


@pytest.mark.parametrize("text", [JOB + "mapref: DIM_B\n", '{"mapref": "A", "mapref": "B"}'])
def test_a_field_that_stands_twice_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableJob, match="'mapref' stands twice"):
        read(tmp_path, text)


def test_a_file_that_is_no_job_is_told_as_a_fault_of_the_job(tmp_path: Path) -> None:
    with pytest.raises(JobInvalid):
        read(tmp_path, "- just\n- a list\n")


def test_yaml_cannot_build_python_objects(tmp_path: Path) -> None:
    with pytest.raises(UnreadableJob):
        read(tmp_path, "!!python/object/apply:os.getcwd []\n")
