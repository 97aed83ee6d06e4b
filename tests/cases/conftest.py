"""Source and target as two SQLite files or one database of a server, with a SQLite ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.site import Site
from mapper_tasks.ledger import Ledger
from mapper_tasks.planning import ParallelDefaults
from tests.cases.place import Place


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mariadb"])
def place(request, tmp_path_factory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("cases")
    if request.param == "sqlite":
        yield from _place(f"sqlite:///{folder}/source.db", f"sqlite:///{folder}/target.db", folder)
        return
    servers = {"postgresql": "postgres", "mariadb": "mariadb"}
    with request.getfixturevalue(servers[request.param]).fresh_database() as url:
        yield from _place(url, url, folder)


def _place(source_url, target_url, folder) -> Iterator[Place]:
    source, target = open_database("source", source_url), open_database("target", target_url)
    keeper = open_database("ledger", f"sqlite:///{folder}/ledger.db")
    ledger = Ledger(keeper)
    ledger.upgrade()
    databases = {"source": source, "target": target}
    site = Site(ledger=ledger, databases=databases.__getitem__, defaults=ParallelDefaults())
    yield Place(site, source, target)
    for database in (source, target, keeper):
        database.close()
