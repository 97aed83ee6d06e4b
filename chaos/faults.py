"""The faults. Each strikes once, and says what mends it after how many seconds."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from chaos import shop
from chaos.place import Place
from mapper_tasks.model.errors import MapperError, RunOver


@dataclass
class Life:
    """The run that faults strike at, and those that were submitted beside it."""

    version: int
    prcid: int
    rivals: list[int] = field(default_factory=list)
    stops: int = 0


@dataclass(frozen=True)
class Mending:
    """What is to be done `after` seconds."""

    after: float
    do: Callable[[], None]


Strike = Callable[[Place, Life, random.Random], "list[Mending] | None"]
"""None: there was nothing to strike at yet."""


def kill_pool_child(place: Place, _life: Life, chance: random.Random) -> list[Mending] | None:
    pool = chance.choice(place.workers).pool()
    if not pool:
        return None
    with suppress(psutil.NoSuchProcess):
        chance.choice(pool).kill()
    return []


def kill_worker(place: Place, _life: Life, chance: random.Random) -> list[Mending] | None:
    victim = chance.choice(place.workers)
    if not victim.child.alive():
        return None
    victim.kill()
    return [Mending(chance.uniform(0.5, 3), victim.begin)]


def kill_all_workers(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    for victim in place.workers:
        victim.kill()
    return [Mending(chance.uniform(0.5, 4), victim.begin) for victim in place.workers]


def freeze_worker(place: Place, _life: Life, chance: random.Random) -> list[Mending] | None:
    """For longer than a claim lives."""
    victim = chance.choice(place.workers)
    if not victim.child.alive():
        return None
    victim.send(signal.SIGSTOP)
    return [Mending(chance.uniform(4, 7), lambda: victim.send(signal.SIGCONT))]


def freeze_pool_child(place: Place, _life: Life, chance: random.Random) -> list[Mending] | None:
    pool = chance.choice(place.workers).pool()
    if not pool:
        return None
    victim = chance.choice(pool)

    def go_on() -> None:
        with suppress(psutil.NoSuchProcess):
            victim.resume()

    with suppress(psutil.NoSuchProcess):
        victim.suspend()
    return [Mending(chance.uniform(4, 7), go_on)]


def kill_broker(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    place.broker.kill()
    return [Mending(chance.uniform(0.2, 3), place.broker.begin)]


def wipe_and_kill_broker(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    place.broker.kill()
    place.broker.lose_data()
    return [Mending(chance.uniform(0.2, 3), place.broker.begin)]


def flush_broker(place: Place, _life: Life, _chance: random.Random) -> list[Mending] | None:
    return [] if place.broker.flush() else None


def cut_wire(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    """Every connection to the broker ends, and others are refused."""
    place.wire.cut()
    return [Mending(chance.uniform(0.5, 4), place.wire.join)]


def double_messages(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    """Whatever is sent from now on is delivered twice, and what waits already too."""
    place.wire.doubles = True
    place.wire.doubled += place.results.repeat()
    return [Mending(chance.uniform(3, 6), place.wire.be_faithful)]


def drop_callbacks(place: Place, _life: Life, chance: random.Random) -> list[Mending]:
    """Messages to finalize vanish on their way: the chord's callback, and any other."""
    place.wire.drops = True
    return [Mending(chance.uniform(5, 8), place.wire.be_faithful)]


def forget_chords(place: Place, _life: Life, _chance: random.Random) -> list[Mending] | None:
    """The broker loses what it has counted of the chords: their callbacks never come."""
    return [] if place.results.forget_chords() else None


def cut_database_connections(
    place: Place, _life: Life, chance: random.Random
) -> list[Mending] | None:
    query = text(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND pid <> pg_backend_pid() ORDER BY pid"
    )
    with suppress(SQLAlchemyError), place.noted.engine.connect() as connection:
        pids = list(connection.scalars(query))
        for pid in chance.sample(pids, k=(len(pids) + 1) // 2):
            connection.execute(text(f"SELECT pg_terminate_backend({pid})"))
        return []
    return None


def restart_database(place: Place, _life: Life, chance: random.Random) -> list[Mending] | None:
    if not place.postgres.child.alive():
        return None
    place.postgres.shut_down_at_once()
    return [Mending(chance.uniform(0.1, 2), place.postgres.begin)]


def stop_run(place: Place, life: Life, chance: random.Random) -> list[Mending] | None:
    """The round resumes it when it has ended."""
    try:
        place.client.stop(life.prcid, now=chance.random() < 0.5)
    except RunOver:
        return None
    life.stops += 1
    return []


def submit_another(place: Place, life: Life, chance: random.Random) -> list[Mending]:
    """A second run for the target: refused, or it waits."""
    waits = chance.random() < 0.25
    with suppress(MapperError):  # the broker does not answer: the run is FAILED
        life.rivals.append(place.client.submit(shop.job(life.version), wait_for_target=waits))
    return []


FAULTS: dict[str, Strike] = {
    "kill -9 of a pool process": kill_pool_child,
    "kill -9 of a worker": kill_worker,
    "kill -9 of all workers": kill_all_workers,
    "a worker frozen past its claims": freeze_worker,
    "a pool process frozen past its claim": freeze_pool_child,
    "broker killed, with its data": kill_broker,
    "broker killed, without its data": wipe_and_kill_broker,
    "all messages lost": flush_broker,
    "connections to the broker cut": cut_wire,
    "every message twice": double_messages,
    "messages to finalize dropped": drop_callbacks,
    "chords forgotten by the broker": forget_chords,
    "half of the database connections cut": cut_database_connections,
    "database shut down at once": restart_database,
    "stop, then resume": stop_run,
    "a second submit": submit_another,
}

# Two that lie in wait: they struck when a message has passed.
IN_WAIT: dict[str, Callable[[Place], int]] = {
    "every message twice": lambda place: place.wire.doubled,
    "messages to finalize dropped": lambda place: place.wire.dropped,
}


def faults_of(kind: str) -> list[str]:
    """What can strike with this kind of broker: the wire reads messages of Redis only."""
    return [name for name in FAULTS if kind == "redis" or name not in IN_WAIT]
