"""The wire to the broker: everybody reaches it through this proxy, which can be cut.

Where the broker is Redis, it reads the commands that pass (arrays of bulk strings, as every client
sends them), so that it can also send each message twice, or let those vanish that finalize a run.
"""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mapper_tasks.demo.children import free_port
from mapper_tasks.tasks.send import FINALIZE, FINALIZE_AFTER_ERROR

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Coroutine

QUEUES = (b"control", b"chunks", b"celery")
CALLBACKS = (FINALIZE, FINALIZE_AFTER_ERROR)
NOWHERE = b"messages that nobody reads"
_BLOCK = 65536
_ENDS = (OSError, EOFError, asyncio.IncompleteReadError)  # of a connection, whoever ended it


class Wire:
    """A proxy on a port of its own, served by a thread. `url`: the broker's, through it.

    `doubles`: every message is sent twice. `drops`: messages that finalize a run are not sent.
    `doubled` and `dropped` count them.
    """

    def __init__(self, broker_url: str, *, redis: bool = True) -> None:
        self._forward = self._commands if redis else _copy
        self._broker_port = urlsplit(broker_url).port
        self._port = free_port()
        self.url = broker_url.replace(f":{self._broker_port}/", f":{self._port}/")
        self.doubles = self.drops = False
        self.doubled = self.dropped = 0
        self._cut = False
        self._ends: set[StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire", daemon=True)

    def open(self) -> None:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", self._port))

    def close(self) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """End every connection, and refuse others until `join`."""
        self._do(self._cut_all())

    def join(self) -> None:
        self._cut = False

    def be_faithful(self) -> None:
        self.doubles = self.drops = False

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(20)

    async def _end(self) -> None:
        self._server.close()
        await self._cut_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut_all(self) -> None:
        self._cut = True
        for end in self._ends:
            end.transport.abort()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._ends.add(writer)
        try:
            if not self._cut:
                await self._connect(reader, writer)
        except _ENDS:
            pass
        finally:
            self._ends.discard(writer)
            writer.transport.abort()

    async def _connect(self, reader: StreamReader, writer: StreamWriter) -> None:
        answers, broker = await asyncio.open_connection("127.0.0.1", self._broker_port)
        ways = {
            asyncio.create_task(self._forward(reader, broker)),
            asyncio.create_task(_copy(answers, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            broker.transport.abort()

    async def _commands(self, reader: StreamReader, broker: StreamWriter) -> None:
        with suppress(*_ENDS):
            while True:
                command = self._altered(await _read(reader))
                words = [b"$%d\r\n%b\r\n" % (len(word), word) for word in command]
                broker.write(b"*%d\r\n%b" % (len(words), b"".join(words)))
                await broker.drain()

    def _altered(self, command: list[bytes]) -> list[bytes]:
        name, *words = command
        if name != b"LPUSH" or words[0] not in QUEUES:
            return command
        queue, *messages = words
        if self.drops and all(_task_of(message) in CALLBACKS for message in messages):
            self.dropped += len(messages)
            return [name, NOWHERE, *messages]
        if self.doubles:
            self.doubled += len(messages)
            return [name, queue, *messages, *messages]
        return command


async def _read(reader: StreamReader) -> list[bytes]:
    """One command."""
    words = []
    for _ in range(await _number(reader)):
        length = await _number(reader)
        words.append((await reader.readexactly(length + 2))[:length])
    return words


async def _number(reader: StreamReader) -> int:
    """Of `*3` words, or `$5` bytes."""
    return int((await reader.readuntil(b"\r\n"))[1:-2])


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(*_ENDS):
        while block := await reader.read(_BLOCK):
            writer.write(block)
            await writer.drain()


def _task_of(message: bytes) -> str:
    task: str = json.loads(message)["headers"]["task"]
    return task
