"""The composition root: settings and connections made into the Site that a run works on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from mapper_tasks.flow.site import Site
from mapper_tasks.planning import ParallelDefaults
from worker_config.connections import Connections
from worker_config.logs import tell
from worker_config.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def make_site(
    settings: Settings,
    connections: Connections,
    worker: str,
    workers: Callable[[], int | None] = lambda: None,
    keep_moment: Callable[[int], None] = lambda _prcid: None,
) -> Site:
    return Site(
        ledger=connections.ledger(),
        databases=connections,
        defaults=ParallelDefaults(
            enable_parallel=settings.parallel_enabled,
            max_workers=settings.max_workers,
            chunk_size=settings.chunk_size,
            min_rows_for_parallel=settings.min_rows_for_parallel,
        ),
        allowed_modules=settings.allowed_modules,
        worker=worker,
        workers=workers,
        tell=tell,
        times=settings.times,
        keep_moment=keep_moment,
    )


@contextmanager
def open_site(worker: str = "local", settings: Settings | None = None) -> Iterator[Site]:
    """The place of this process, closed afterwards. Raises BadSetting (MAP-5006)."""
    settings = settings or read_settings()
    connections = Connections(settings)
    try:
        yield make_site(settings, connections, worker)
    finally:
        connections.close()
