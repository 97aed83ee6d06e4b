"""Whole runs on real workers with the ledger on MariaDB, and source and target on PostgreSQL.

All waiting is a tenth of what it is in life.
"""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.brake import WITHIN
from tests.rim.messages import publish
from tests.rim.shop import ROWS, eventually


@pytest.fixture(scope="module")
def ledger_url(mariadb) -> Iterator[str]:
    with mariadb.fresh_database() as url:
        yield url


pytestmark = pytest.mark.usefixtures("nothing_left")


def test_workers_load_a_run_right_to_the_row(shop, client, brake, team):
    prcid = client.submit(shop.job("PAIR", chunk_size=50, max_workers=3))
    brake.assert_right(client, prcid, "PAIR")
    chunks = client._site.ledger.chunks(prcid)
    assert len(chunks) >= 20
    assert {chunk.attempt for chunk in chunks} == {1}


def test_a_message_that_comes_twice_makes_one_run(shop, client, brake, team):
    job = shop.job("TWICE", chunk_size=200)
    task_id = publish(shop.broker_url, {"job": job})
    publish(shop.broker_url, {"job": job}, task_id)
    [run] = eventually(lambda: client._site.ledger.runs(mapref="TWICE"))
    brake.assert_right(client, run.prcid, "TWICE")
    assert len(client._site.ledger.runs(mapref="TWICE")) == 1


def test_the_next_run_reads_what_is_after_the_checkpoint(shop, client, team):
    job = shop.job("STEPS", chunk_size=100) | {
        "checkpoint_config": {"enabled": True, "strategy": "KEY", "columns": ["id"]}
    }
    sources = []
    for _ in range(2):
        run = client.wait(client.submit(job), timeout=WITHIN)
        assert run.status is RunStatus.SUCCESS, run.message
        sources.append(run.tally.source)
    assert sources == [ROWS, 0]
    shop.assert_loaded("STEPS")


def test_bad_rows_are_kept_and_their_number_is_limited(shop, client, team):
    job = shop.job("BAD_ROWS", chunk_size=100) | {"max_error_rows": 3}
    some_id = "CASE WHEN mod(id, 100) = 1 THEN NULL ELSE id END AS id"
    job["source"]["query"] = f"SELECT {some_id}, name, city FROM customers"
    prcid = client.submit(job)
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.FAILED
    assert "more than 3" in run.message
    assert len(client.errors(prcid)) == 4


def test_a_stop_that_a_stranger_wrote_ends_what_runs_and_a_resume_does_the_rest(
    shop, client, brake, team
):
    brake.on()
    prcid = brake.begun(client, brake.job("STOPPED"))
    eventually(brake.sleeps)
    insert = (
        "INSERT INTO dms_prcreq (prcid, request_type, payload) "
        f"VALUES ({prcid}, 'stop', '{{\"now\": true}}')"
    )
    with shop.ledger.begin() as connection:
        connection.exec_driver_sql(insert)
    stopped = client.wait(prcid, timeout=WITHIN)
    assert stopped.status is RunStatus.STOPPED, stopped.message
    assert shop.noted("SELECT status FROM dms_prcreq") == [("DONE",)]
    chunks = client._site.ledger.chunks(prcid)
    applied = [one for one in chunks if one.status is ChunkStatus.APPLIED]
    assert stopped.tally.source == sum(one.tally.source for one in applied) < ROWS
    brake.off()
    client.resume(prcid)
    brake.assert_right(client, prcid, "STOPPED")


def test_a_killed_pool_process_costs_its_chunk_one_more_attempt(client, brake, team):
    brake.on()
    prcid = brake.begun(client, brake.job("CHILD"))
    held = brake.held(client._site.ledger, prcid)
    brake.off()
    for child in psutil.Process(team.chunks.pid).children():
        child.kill()
    brake.assert_right(client, prcid, "CHILD")
    again = client._site.ledger.chunks(prcid)[held.chunk_no - 1]
    assert again.attempt == held.attempt + 1
