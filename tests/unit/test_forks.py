"""A new process never finds a lock taken by a thread that it does not have."""

from __future__ import annotations

import os
import threading
import time

import pytest

from worker_config import forks as module
from worker_config.forks import Forks
from worker_config.keeper import Over

PATIENCE = 20.0


@pytest.fixture(scope="module")
def forks():
    return Forks()  # once: what is told about forks cannot be taken back


def locked_in_a_new_process(lock):
    child = os.fork()
    if not child:
        os._exit(int(not lock.acquire(timeout=0)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def working(forks, lock, *, until):
    """A thread that holds the lock in the middle of its work."""
    begun = threading.Event()

    def work():
        with forks.held_off(), lock:
            begun.set()
            until()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert begun.wait(PATIENCE)
    return thread


def test_a_fork_waits_for_the_end_of_a_threads_work(forks):
    lock = threading.Lock()
    thread = working(forks, lock, until=lambda: time.sleep(0.3))
    assert not locked_in_a_new_process(lock)
    thread.join(PATIENCE)


def test_a_fork_does_not_wait_for_a_thread_that_only_waits(forks):
    over, lock = Over(forks), threading.Lock()
    thread = working(forks, lock, until=lambda: over.wait(PATIENCE))
    assert locked_in_a_new_process(lock)
    over.set()
    thread.join(PATIENCE)


def test_a_fork_does_not_wait_for_ever(forks, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    lock, over = threading.Lock(), threading.Event()
    thread = working(forks, lock, until=lambda: over.wait(PATIENCE))
    assert locked_in_a_new_process(lock)
    over.set()
    thread.join(PATIENCE)
    assert not locked_in_a_new_process(lock)


def test_a_process_of_a_process_can_be_forked_as_well(forks):
    def grandchild():
        return locked_in_a_new_process(threading.Lock())

    child = os.fork()
    if not child:
        os._exit(int(grandchild()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
