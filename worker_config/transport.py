"""Redis as kombu reads it, but for two things that would end the worker.

One is what is no message: whatever somebody has pushed onto a queue is read by a worker's main
loop, which any fault in reading it ends. The other is a broker that breaks off a connection twice.
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
    """Passes over what is not JSON, and gives back messages only while it is connected."""

    Message = ReadMessage

    @property
    def do_restore(self) -> bool:  # type: ignore[override]  # it is asked, and never set
        """Whether messages go back to their queues when the channel is closed.

        A channel that cannot be closed for a fault is closed again when its connection has been
        let go of: then there is no way back, and asking for it ends the worker. What it had is
        sent again by whoever sweeps.
        """
        return self.connection is not None and self.connection.client is not None

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
