"""A broker of one process: it delivers what is sent, again after a fault, and late."""

from __future__ import annotations

import sqlite3
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pymysql
from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.rescue import sweep
from mapper_tasks.flow.site import Post
from mapper_tasks.model.errors import MapperError
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from tests.chaos.small import World
    from tests.chaos.steps import Steps

EXECUTE, CHUNK, FINALIZE = "execute", "chunk", "finalize"
MOST_DELIVERIES, MOST_ROUNDS = 200, 10
LOSSES = (sqlite3.Error, psycopg.Error, pymysql.Error)  # as which the steps' faults come


class Broker:
    """Messages in the order in which they were sent. Each `send` is a step of the run."""

    def __init__(self, world: World, steps: Steps) -> None:
        self._world, self._steps = world, steps
        self.waiting: deque[tuple[Any, ...]] = deque()
        self.post = Post(
            execute=lambda run: self._send((EXECUTE, run.prcid)),
            chord=lambda run, chunks: self._send(
                *[(CHUNK, run.prcid, number) for number, _ in chunks], (FINALIZE, run.prcid)
            ),
            chunks=lambda run, chunks: self._send(
                *[(CHUNK, run.prcid, number) for number, _ in chunks]
            ),
            finalize=lambda run: self._send((FINALIZE, run.prcid)),
            revoke=lambda _run, _ids: None,
            waiting=lambda: len(self.waiting),
        )

    def _send(self, *messages: tuple[Any, ...]) -> None:
        """A fault loses this message and those after it, and nobody hears of it."""
        with suppress(*LOSSES):
            for message in messages:
                self._steps.take(f"send {message[0]}", None, partial(self.waiting.append, message))

    def deliver(self) -> None:
        """Take the run from the waiting messages to where nothing waits any more."""
        for _ in range(MOST_DELIVERIES):
            if not self.waiting:
                return
            message = self.waiting.popleft()
            try:
                self._handle(*message)
            except SQLAlchemyError:  # as the task does: again, when its claim is over
                self._world.time_passes()
                self.waiting.append(message)
            except MapperError:
                pass  # the run is FAILED
        raise AssertionError(f"messages without end: {list(self.waiting)[:5]}")

    def _handle(self, kind: str, prcid: int, chunk_no: int = 0) -> None:
        if kind == EXECUTE:
            execute(self._world.site, prcid, self.post)
        elif kind == CHUNK:
            outcome = process_chunk(self._world.site, prcid, chunk_no, self.post)
            if outcome.again_in is not None:
                self.waiting.append((kind, prcid, chunk_no))
        else:
            finalize(self._world.site, prcid)


def begin(world: World, prcid: int, steps: Steps) -> None:
    broker = Broker(world, steps)
    broker.waiting.append((EXECUTE, prcid))
    broker.deliver()


def repair(world: World, prcid: int, steps: Steps) -> int:
    """Rescue with all messages gone, and resume; how many rounds of them were needed."""
    for rounds in range(MOST_ROUNDS):
        run = world.site.ledger.run(prcid)
        if run.status is RunStatus.SUCCESS:
            return rounds
        broker = Broker(world, steps)
        if run.status.final:
            broker.post.execute(world.site.ledger.resume(prcid))
        else:
            world.time_passes()
            sweep(world.site, broker.post)
        broker.deliver()
    raise AssertionError(f"run {prcid} never ends: {world.site.ledger.run(prcid)}")
