"""A planned job between databases of each kind."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from mapper_tasks.dialects import open_database
from tests.planning.planned import Planned

SERVERS = {"pg": "postgres", "maria": "mariadb", "ora": "oracle"}


@pytest.fixture
def urls(request, tmp_path):
    """Gives the URL of a database: `pg`, `maria`, `ora`, or `lite` with a file name."""
    with ExitStack() as open_:

        def url(kind, name):
            if kind == "lite":
                return f"sqlite:///{tmp_path / name}.db"
            server = request.getfixturevalue(SERVERS[kind])
            fresh = server.fresh_schema if kind == "ora" else server.fresh_database
            return open_.enter_context(fresh())

        yield url


@pytest.fixture
def planned(urls):
    """Makes a Planned between a `pair`: `=` one database under two names, `>` two."""
    with ExitStack() as open_:

        def make(pair, kinds, *, indexed=False):
            left, right = pair.replace("=", ">").split(">")
            first = urls(left, "source")
            second = first if "=" in pair else urls(right, "target")
            made = Planned(
                open_database("a", first), open_database("b", second), tuple(kinds), indexed
            )
            open_.callback(made.source.close)
            open_.callback(made.target.close)
            made.make_tables()
            return made

        yield make
