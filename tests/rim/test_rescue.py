"""Workers killed and messages lost: every run still ends, with every row once.

All waiting is a tenth of what it is in life: a claim lives 3 s, a sweep comes every second.
"""

from __future__ import annotations

import os
import signal

import pytest

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import ChunkStatus
from tests.rim.messages import publish
from tests.rim.shop import eventually

pytestmark = pytest.mark.usefixtures("nothing_left")


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def test_a_killed_worker_that_did_a_whole_run_is_replaced_as_well(shop, client, brake, team):
    with worker_nodes(["alone"], shop.environment, arguments=("-Q", "celery")) as [alone]:
        brake.on()
        prcid = brake.unsent(client, brake.job("ALONE", enable_parallel=False))
        publish(shop.broker_url, {"prcid": prcid}, queue="celery")
        [held] = eventually(lambda: brake.sleeps() and chunks_of(client, prcid))
        assert (held.worker, held.status) == (alone.name, ChunkStatus.RUNNING)
        brake.off()
        alone.child.kill()
    brake.assert_right(client, prcid, "ALONE")
    [again] = chunks_of(client, prcid)
    assert (again.worker, again.attempt) == (team.chunks.name, 2)


def test_a_slow_chunk_is_not_a_dead_one(client, brake):
    brake.on(7.0)  # more than two claims
    prcid = brake.begun(client, brake.job("SLOW"))
    brake.assert_right(client, prcid, "SLOW")
    assert {one.attempt for one in chunks_of(client, prcid)} == {1}


def test_a_run_whose_first_message_is_lost_is_sent_again(client, brake):
    prcid = brake.unsent(client, brake.job("UNSENT"))
    brake.assert_right(client, prcid, "UNSENT")


def test_a_run_whose_callback_never_came_is_ended(client, brake, team):
    """Whoever reads callbacks hangs: the worker of chunks ends the run."""
    brake.on()
    prcid = brake.begun(client, brake.job("UNCALLED"))
    brake.held(client._site.ledger, prcid)
    os.killpg(team.control.pid, signal.SIGSTOP)
    try:
        brake.off()
        brake.cut()
        brake.assert_right(client, prcid, "UNCALLED")
    finally:
        os.killpg(team.control.pid, signal.SIGCONT)
