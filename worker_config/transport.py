"""Redis as kombu reads it, but for one thing: what is no message does not end the worker.

Whatever somebody has pushed onto a queue is read by a worker's main loop, which any fault in
reading it would end.
"""

from __future__ import annotations

from json import JSONDecodeError
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from kombu.transport.virtual import Message

from mapper_tasks.flow.events import Event
from worker_config.logs import tell


def _refuse(fault: Exception) -> Empty:
    """Tell of it, and go on as if the queue had been empty."""
    why = "what lay in the queue is no message"
    tell(Event.MESSAGE_REFUSED, task=None, fault=type(fault).__name__, why=why)
    return Empty()


class ReadMessage(Message):
    """A message whose envelope is complete."""

    def __init__(self, payload: Any, channel: Any = None, **more: Any) -> None:
        try:
            super().__init__(payload, channel, **more)  # type: ignore[no-untyped-call]
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise _refuse(fault) from None


class Channel(redis.Channel):
    """Passes over what is not JSON."""

    Message = ReadMessage

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except (JSONDecodeError, UnicodeDecodeError) as fault:
            raise _refuse(fault) from None


class Transport(redis.Transport):
    """For redis:// and rediss://."""

    Channel = Channel


def use() -> None:
    """Let every connection of this process read so."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:{Transport.__name__}"
