"""The real driver against listeners that are not there, hang up, or say nothing."""

from __future__ import annotations

import gc
import socket
import threading
import time
from contextlib import closing, contextmanager

import oracledb
import pytest

from mapper_tasks.dialects.faults import Passing
from mapper_tasks.dialects.oracle import connecting, faults

# The driver leaves the socket of a connection that it could not make to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _nothing_is_left_for_others():
    yield
    for thread in threading.enumerate():
        if thread.name == "mapper-oracle-connect":
            thread.join(20)
    gc.collect()


@contextmanager
def listener(answer):
    """The port of a listener on the loopback address that does so with each caller."""
    kept = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve():
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                kept.append(caller)
                answer(caller)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        # Wakes accept(), which a close alone would not.
        server.shutdown(socket.SHUT_RDWR)
    for caller in kept:
        caller.close()


def attempt(port, seconds=20.0, host="127.0.0.1"):
    with pytest.raises(oracledb.Error) as failed:
        connecting.patiently(
            lambda: oracledb.connect(
                user="scott", password="tiger", dsn=f"{host}:{port}/WAREHOUSE", retry_count=0
            ),
            seconds,
        )
    return failed.value


def is_passing(fault):
    return faults.PASSING[faults.code_of(fault)] is Passing.CONNECTION_LOST


def test_a_port_without_a_listener_is_a_passing_fault():
    with listener(socket.socket.close) as port:
        pass
    assert is_passing(attempt(port))


def test_a_listener_that_hangs_up_is_a_passing_fault():
    with listener(socket.socket.close) as port:
        assert is_passing(attempt(port))


def test_a_listener_that_is_silent_is_given_up():
    with listener(lambda caller: None) as port:
        begin = time.monotonic()
        assert is_passing(attempt(port, seconds=0.5))
    assert time.monotonic() - begin < 20


def test_a_host_that_nobody_knows_is_a_passing_fault():
    assert is_passing(attempt(1521, host="no-such-host.invalid"))
