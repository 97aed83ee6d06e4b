"""A chunk that meets a passing fault comes again as the same message; what is final does not."""

from __future__ import annotations

from mapper_tasks.model.status import RunStatus
from tests.rim.brake import WITHIN
from tests.rim.shop import eventually


def test_a_final_fault_is_not_tried_again(team, client, shop):
    job = shop.job("FINAL", chunk_size=400)
    job["source"]["query"] = "SELECT * FROM customers WHERE 1 / (id - 1) IS NOT NULL OR id < 0"
    job["max_error_rows"] = 0
    prcid = client.submit(job)
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.FAILED
    tries = [one.attempt for one in client._site.ledger.chunks(prcid)]
    assert max(tries, default=0) <= 1


def test_stopped_while_it_waits_it_is_not_tried_again(team, client, brake):
    brake.on()
    prcid = brake.begun(client, brake.job("WAITS"))
    held = brake.held(client._site.ledger, prcid)
    brake.cut()
    eventually(lambda: client._site.ledger.chunks(prcid)[held.chunk_no - 1].error is not None)
    client.stop(prcid)
    assert client.wait(prcid, timeout=WITHIN).status is RunStatus.STOPPED
    brake.off()
