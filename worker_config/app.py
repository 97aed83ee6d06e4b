"""The Celery app of a worker and of Flower: `celery -A worker_config worker`.

A bad setting stops the import, and so the start, with the variable's name.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import signals

from mapper_tasks.tasks import register
from worker_config import logs, transport
from worker_config.celeryconfig import make_app
from worker_config.connections import Connections
from worker_config.farewell import Farewell
from worker_config.forks import Forks
from worker_config.keeper import Keeper
from worker_config.rescue import Rescuer
from worker_config.settings import read_settings
from worker_config.site import make_site

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site

settings = read_settings()
connections = Connections(settings)
transport.use()
app = make_app(settings)
forks = Forks()
rescuer = Rescuer(app, settings, forks)
keeper = Keeper(settings, forks)
farewell = Farewell(settings.times.farewell)


@cache
def site_of(worker: str) -> Site:
    """The place of this worker, its ledger checked once. Raises LedgerOutdated."""
    site = make_site(settings, connections, worker, _processes, keeper.ask)
    site.ledger.check()
    return site


def _processes() -> int | None:
    """Pool processes of all workers that answer within a second."""
    replies = app.control.inspect(timeout=1.0).stats() or {}
    return sum(int(stats["pool"]["max-concurrency"]) for stats in replies.values()) or None


def after_the_fork(**_: Any) -> None:
    """A pool process opens connections of its own: two processes on one socket mix answers."""
    connections.forget_inherited()
    site_of.cache_clear()


def at_the_end(**_: Any) -> None:
    connections.close()


def set_up_logs(loglevel: int | str | None = None, **_: Any) -> None:
    logs.configure(settings, loglevel or logging.INFO)


def begin_rescue(sender: Any, **_: Any) -> None:
    rescuer.begin(sender.hostname)


def begin_keeping(sender: Any, **_: Any) -> None:
    keeper.begin(sender.hostname)


def take_leave(how: str, **_: Any) -> None:
    if how == "Warm":
        farewell.begin()


def end_keeping(**_: Any) -> None:
    keeper.end()


def end_rescue(**_: Any) -> None:
    rescuer.end()


signals.worker_ready.connect(begin_rescue, weak=False)
signals.worker_shutting_down.connect(end_rescue, weak=False)
signals.worker_shutting_down.connect(take_leave, weak=False)
signals.worker_ready.connect(begin_keeping, weak=False)
signals.worker_shutdown.connect(end_keeping, weak=False)
signals.worker_process_init.connect(after_the_fork, weak=False)
signals.worker_process_shutdown.connect(at_the_end, weak=False)
signals.worker_shutdown.connect(at_the_end, weak=False)
signals.setup_logging.connect(set_up_logs, weak=False)

register(app, site_of)
