"""The brokers that faults strike: what each can lose, and how it is told to."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import redis
from kombu.connection import Connection

from chaos.service import Service
from mapper_tasks.demo.children import wait_until

QUEUES = ("control", "chunks", "celery")


@dataclass
class Valkey(Service):
    """Keeps its data in a file, unless it is to lose it."""

    url: str = ""

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def lose_data(self) -> None:
        for file in (self.child.log.parent / "appendonlydir").glob("*"):
            file.unlink()

    def keep_data(self) -> None:
        """From now on: it is started again with a file of what it has."""
        settings = Path(str(self.child.process.args[1]))  # type: ignore[index]
        words = settings.read_text().replace("appendonly no", "appendonly yes")
        self.child.stop()
        settings.write_text(words)
        self.begin()
        wait_until(self.answers, [self.child], 20)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def flush(self) -> bool:
        """Forget everything; False: it does not answer."""
        with suppress(redis.RedisError), self.client() as client:
            return bool(client.flushall())
        return False

    def forget_chords(self) -> bool:
        """Forget what was counted of the chords; False: there is none, or it does not answer."""
        with suppress(redis.RedisError), self.client() as client:
            keys = list(client.scan_iter("celery-taskset-meta-*"))
            return bool(keys and client.delete(*keys))
        return False

    def repeat(self) -> int:
        """Put what waits into its queue once more, and say how much that was."""
        repeated = 0
        with suppress(redis.RedisError), self.client() as client:
            for queue in QUEUES:
                waiting: list[bytes] = client.lrange(queue, 0, -1)
                if waiting:
                    client.lpush(queue, *waiting)
                    repeated += len(waiting)
        return repeated


@dataclass
class Rabbit(Service):
    """Keeps its data by itself. Results and chords are in a Valkey beside it."""

    url: str = ""

    def lose_data(self) -> None:
        shutil.rmtree(self.child.log.parent / "mnesia", ignore_errors=True)

    def flush(self) -> bool:
        """Take every message out of its queue; False: it does not answer."""
        with suppress(Exception), Connection(self.url, connect_timeout=2) as connection:
            for queue in QUEUES:
                with connection.channel() as channel, suppress(*connection.channel_errors):
                    channel.queue_purge(queue)
            return True
        return False


Broker = Valkey | Rabbit
