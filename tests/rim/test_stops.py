"""Stops: nothing starts after one, `now` rolls back what runs, and a resume does exactly the rest.

And runs that wait for one another. All waiting is a tenth of what it is in life.
"""

from __future__ import annotations

import time
from statistics import median

import pytest

from mapper_tasks.model.errors import RunOver
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.brake import WITHIN
from tests.rim.messages import empty
from tests.rim.shop import ROWS, eventually


@pytest.fixture(scope="module")
def mart(postgres, shop):
    """Another database, so that rows reach the target by COPY."""
    with postgres.fresh_database() as url:
        shop.environment["MAPPER_CONNECTIONS__MART"] = url
        yield url


@pytest.fixture(autouse=True)
def nothing_left(shop, mart, brake, team):
    yield
    brake.off()
    empty(shop.broker_url, "chunks", "control")


def chunks_of(client, prcid):
    return client._site.ledger.chunks(prcid)


def test_a_stop_that_a_stranger_wrote_is_carried_out(shop, client, brake):
    brake.on()
    prcid = brake.begun(client, brake.job("STRANGER"))
    eventually(brake.sleeps)
    insert = (
        "INSERT INTO dms_prcreq (prcid, request_type, payload) "
        f"VALUES ({prcid}, 'STOP', '{{\"now\": true}}')"
    )
    with shop.ledger.begin() as connection:
        connection.exec_driver_sql(insert)
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.STOPPED, run.message
    answered = shop.noted(f"SELECT status FROM dms_prcreq WHERE prcid = {prcid}")
    assert answered == [("DONE",)]
    with pytest.raises(RunOver):
        client.stop(prcid)


def test_a_stop_that_nobody_carried_out_is_carried_out(client, brake, team):
    """Whoever asked for it was gone before anything was revoked."""
    with team.resting():
        prcid = brake.begun(client, brake.job("HALF_STOPPED"))
        client._site.ledger.request_stop(prcid)
        assert client.wait(prcid, timeout=WITHIN).status is RunStatus.STOPPED
    assert {one.attempt for one in chunks_of(client, prcid)} == {0}


@pytest.mark.parametrize("target", ["shop", "mart"])
def test_stop_now_cancels_the_statement_and_a_resume_does_the_rest(client, brake, target):
    """Where source and target are one database, and where rows come by COPY."""
    job = brake.job(f"NOW_{target.upper()}")
    job["target"]["connection"] = target
    brake.on()
    prcid = brake.begun(client, job)
    took = []
    for _ in range(5):
        eventually(brake.sleeps)
        asked = time.monotonic()
        client.stop(prcid, now=True)
        stopped = client.wait(prcid, timeout=10)
        took.append(time.monotonic() - asked)
        assert stopped.status is RunStatus.STOPPED, stopped.message
        eventually(lambda: not brake.sleeps(), 1.0)
        applied = [c for c in chunks_of(client, prcid) if c.status is ChunkStatus.APPLIED]
        assert stopped.tally.source == sum(chunk.tally.source for chunk in applied) < ROWS
        client.resume(prcid)
    assert median(took) < 2.0, took
    eventually(brake.sleeps)
    brake.off()
    client.stop(prcid, now=True)
    client.wait(prcid, timeout=10)
    client.resume(prcid)
    run = client.wait(prcid, timeout=WITHIN)
    assert (run.status, run.tally.inserted) == (RunStatus.SUCCESS, ROWS), run.message
    if target == "shop":
        brake.shop.assert_loaded(job["mapref"])


def test_a_run_that_waits_for_its_target_begins_when_it_is_free(client, brake):
    brake.on()
    first = brake.begun(client, brake.job("SHARED"))
    second = client.submit(brake.job("SHARED"), wait_for_target=True)
    eventually(lambda: "MAP-5003" in client.status(second).message)
    assert client.status(second).status is RunStatus.PENDING
    brake.off()
    brake.cut()
    brake.assert_right(client, first, "SHARED")
    run = client.wait(second, timeout=WITHIN)
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.tally.unchanged == ROWS
