"""A place for runs between two SQLite files, with a ledger elsewhere, and no broker."""

from __future__ import annotations

import pytest

from mapper_tasks.dialects import open_database
from mapper_tasks.flow.site import Post, Site
from mapper_tasks.flow.times import Times
from mapper_tasks.ledger import Ledger
from mapper_tasks.planning import ParallelDefaults
from tests.flow.place import Place


@pytest.fixture(params=["sqlite", "mariadb"])
def ledger_url(request, tmp_path) -> str:
    """PostgreSQL has the ledger in tests/rim."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("mariadb_ledger_url")
    return url


@pytest.fixture
def place(tmp_path, ledger_url):
    urls = {name: f"sqlite:///{tmp_path / name}.db" for name in ("source", "target")}
    urls["ledger"] = ledger_url
    databases = {name: open_database(name, url) for name, url in urls.items()}
    ledger = Ledger(databases["ledger"])
    ledger.upgrade()
    told, slept, sent = [], [], []
    site = Site(
        ledger=ledger,
        databases=databases.__getitem__,
        defaults=ParallelDefaults(),
        tell=lambda event, **facts: told.append((event, facts)),
        sleep=slept.append,
        times=Times(claim=6.0, beat=2.0),
    )
    post = Post(
        execute=lambda run: sent.append(("execute", run.prcid)),
        revoke=lambda run, task_ids: sent.append(("revoke", len(task_ids))),
        waiting=lambda: 0,
        chord=lambda run, chunks: sent.append(("chord", [chunk_no for chunk_no, _ in chunks])),
        chunks=lambda run, chunks: sent.append(("chunks", [chunk_no for chunk_no, _ in chunks])),
        finalize=lambda run: sent.append(("finalize", run.prcid)),
    )
    yield Place(site, post, databases, told, slept, sent)
    for database in databases.values():
        database.close()
