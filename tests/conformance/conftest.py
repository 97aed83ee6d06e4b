"""Every pair of databases that a job can go between."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.conformance.ends import Ends, open_database

PAIRS = ["pg>pg", "pg=pg", "lite>lite", "lite=lite", "lite>pg", "pg>lite"]


@pytest.fixture(params=PAIRS)
def ends(request, tmp_path):
    """A source and a target: `>` two databases, `=` one under two names."""
    source, target = request.param.replace("=", ">").split(">")
    with ExitStack() as open_:
        first = _url(request, source, tmp_path / "source.db", open_)
        same = "=" in request.param
        second = first if same else _url(request, target, tmp_path / "target.db", open_)
        both = Ends(open_database("a", first), open_database("b", second))
        open_.callback(both.source.close)
        open_.callback(both.target.close)
        yield both


def _url(request, kind, file, open_):
    if kind == "lite":
        return f"sqlite:///{file}"
    return open_.enter_context(request.getfixturevalue("postgres").fresh_database())
