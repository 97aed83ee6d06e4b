"""Words to all workers, which are given up when the broker is away.

Kombu's mailbox would repeat them until it is back, and whoever stops a run would wait as long. A
stop is in the ledger before it is told to anybody.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from celery.app.control import Control as Remote
from kombu.pidbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kombu.messaging import Producer

PATIENCE = {"max_retries": 3, "interval_start": 0, "interval_step": 0.5, "interval_max": 1}


class Sender:
    """A producer of the pool, with an end to its patience."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer

    def publish(self, body: Any, **options: Any) -> Any:
        return self._producer.publish(body, **options, retry_policy=PATIENCE)


class HastyMailbox(Mailbox):
    """Sends by a Sender."""

    @contextmanager
    def producer_or_acquire(
        self, producer: Producer | None = None, channel: Any = None
    ) -> Iterator[Sender]:
        with super().producer_or_acquire(producer, channel) as found:
            yield Sender(found)


class Control(Remote):  # type: ignore[misc]  # Celery has no types
    """Celery's remote control, by a mailbox of ours."""

    Mailbox = HastyMailbox
