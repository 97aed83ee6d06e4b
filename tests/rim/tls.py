"""TLS before a server of ours: the programs of the wheels are built without it."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# What a client of PostgreSQL sends before TLS, and the server's yes.
SSL_REQUEST, YES = bytes.fromhex("0000000804d2162f"), b"S"


@dataclass(frozen=True)
class Authority:
    """A certificate that signs itself; with `key`, it stands for the server on loopback."""

    certificate: Path
    key: Path


def authority(place: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mapper's tests")])
    now = dt.datetime.now(dt.UTC)
    hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    found = Authority(place / "authority.pem", place / "authority.key")
    found.certificate.write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    found.key.write_bytes(private)
    return found


@contextmanager
def tls_before(port: int, by: Authority, *, asked_first: bool = False) -> Iterator[int]:
    """A port that speaks TLS and passes on to `port`. `asked_first`: as PostgreSQL does it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(by.certificate, by.key)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served = Front(context, port, SSL_REQUEST if asked_first else b"")
    try:
        yield asyncio.run_coroutine_threadsafe(served.open(), loop).result(10)
        asyncio.run_coroutine_threadsafe(served.close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Front:
    """A server that takes the TLS off. `question`: what a client sends before it begins."""

    def __init__(self, context: ssl.SSLContext, port: int, question: bytes) -> None:
        self._context, self._port, self._question = context, port, question
        self._calls: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        tls = None if self._question else self._context
        self._server = await asyncio.start_server(self._called, "127.0.0.1", 0, ssl=tls)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _called(self, reader: StreamReader, writer: StreamWriter) -> None:
        call = asyncio.ensure_future(self._pass_on(reader, writer))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        server: StreamWriter | None = None
        try:
            if self._question:
                assert await reader.readexactly(len(self._question)) == self._question
                writer.write(YES)
                await writer.start_tls(self._context)
            answers, server = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(_copy(reader, server), _copy(answers, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass  # who does not like the certificate hangs up
        finally:
            for end in (writer, server):
                if end is not None:
                    end.transport.abort()


async def _copy(source: StreamReader, target: StreamWriter) -> None:
    with suppress(OSError):
        while some := await source.read(65536):
            target.write(some)
            await target.drain()
    target.close()
