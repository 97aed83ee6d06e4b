"""A worker's ear: what it cannot read it refuses in one line, without showing what it held."""

from __future__ import annotations

from typing import Any

from celery.worker.consumer import Consumer as Listener

from mapper_tasks.flow.events import Event
from worker_config.logs import tell

WORDS = 200  # of a reason; a sender's words may be long


class Consumer(Listener):  # type: ignore[misc]  # Celery has no types
    """Celery's own would log the body, which may hold anything, and a traceback."""

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self._refuse(message, exc)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:  # noqa: ARG002
        self._refuse(message, exc)

    def on_unknown_message(self, body: Any, message: Any) -> None:  # noqa: ARG002
        self._refuse(message, ValueError("it names no task"))

    @staticmethod
    def _refuse(message: Any, fault: Exception) -> None:
        why = str(fault)[:WORDS]
        tell(Event.MESSAGE_REFUSED, task=None, fault=type(fault).__name__, why=why)
        message.ack()
