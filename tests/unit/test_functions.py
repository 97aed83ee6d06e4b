"""Functions named by a job come from allowed modules only."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapper_tasks.flow.functions import resolve
from mapper_tasks.model.errors import ForbiddenFunction
from mapper_tasks.model.job import Job


@pytest.fixture(autouse=True)
def modules_beside_us(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parent)


def job_with(path: str, transform: str | None = None) -> Job:
    return Job.read(
        {
            "mapref": "J",
            "source": {"connection": "a", "table": "t"},
            "target": {
                "connection": "b",
                "table": "t",
                "business_key": ["id"],
                "columns": {"id": "id", "score": {"python": path}},
            },
            "transform": transform,
        }
    )


ALLOWED = frozenset({"shop_rules"})


def test_a_function_of_an_allowed_module_is_found():
    found = resolve(job_with("shop_rules:score", "shop_rules:clean"), ALLOWED)
    assert found["shop_rules:score"]({"name": "Ann"}) == 3
    assert set(found) == {"shop_rules:score", "shop_rules:clean"}


@pytest.mark.parametrize(
    "path",
    [
        "os:system",  # not allowed
        "shop_rules.more:score",  # inside an allowed module, which is no package
        "shop_rules:getcwd",  # what an allowed module has imported
        "shop_rules:LIMIT",  # no function
        "shop_rules:absent",
    ],
)
def test_any_other_is_refused(path):
    with pytest.raises(ForbiddenFunction, match=path):
        resolve(job_with(path), ALLOWED)


def test_a_refused_module_is_not_even_imported():
    import sys

    sys.modules.pop("antigravity", None)
    with pytest.raises(ForbiddenFunction):
        resolve(job_with("antigravity:fly"), ALLOWED)
    assert "antigravity" not in sys.modules


def test_an_allowed_module_that_is_not_there_is_named():
    with pytest.raises(ForbiddenFunction, match="no module 'not_there'"):
        resolve(job_with("not_there:f"), frozenset({"not_there"}))


def test_a_job_without_functions_needs_no_module():
    job = job_with("os:system").model_copy(update={"transform": None})
    columns = {"id": job.target.columns["id"]}
    plain = job.model_copy(update={"target": job.target.model_copy(update={"columns": columns})})
    assert resolve(plain, frozenset()) == {}
