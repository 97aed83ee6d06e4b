"""A worker's ear: what it cannot read it refuses, and what is too new for it it gives back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery.worker.consumer import Consumer as Listener

from mapper_tasks.flow.events import Event
from mapper_tasks.tasks.messages import is_newer, is_ours
from worker_config.logs import tell

WORDS = 200  # of a reason; a sender's words may be long
PAUSE = 1.0  # seconds before a message goes back: it may come to the same worker again

logger = logging.getLogger(__name__)


class Consumer(Listener):  # type: ignore[misc]  # Celery has no types
    """Celery's own would log the body, which may hold anything, and a traceback."""

    def create_task_handler(self, *args: Any, **options: Any) -> Callable[..., None]:
        receive = super().create_task_handler(*args, **options)

        def on_task_received(message: Any) -> None:
            if is_newer(message.headers):
                self._give_back(message, "its form is newer than this worker")
            else:
                receive(message)

        return on_task_received

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self._refuse(message, exc)

    def on_invalid_task(self, body: Any, message: Any, exc: Exception) -> None:  # noqa: ARG002
        self._refuse(message, exc)

    def on_unknown_message(self, body: Any, message: Any) -> None:  # noqa: ARG002
        self._refuse(message, ValueError("it names no task"))

    def on_unknown_task(self, body: Any, message: Any, exc: Exception) -> None:  # noqa: ARG002
        if is_ours(message.headers):
            self._give_back(message, "this worker does not know its task")
        else:
            self._refuse(message, ValueError("no worker here knows its task"))

    @staticmethod
    def _refuse(message: Any, fault: Exception) -> None:
        why = str(fault)[:WORDS]
        tell(Event.MESSAGE_REFUSED, task=None, fault=type(fault).__name__, why=why)
        message.ack()

    def _give_back(self, message: Any, why: str) -> None:
        tell(Event.MESSAGE_GIVEN_BACK, task=str(message.headers.get("task"))[:WORDS], why=why)
        back = (logger, self.connection_errors, True)
        self.timer.call_after(PAUSE, message.reject_log_error, back)
