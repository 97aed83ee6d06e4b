"""Runs on two real workers and a real broker."""

from __future__ import annotations

import pytest

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.errors import JobInvalid, RunOver
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.messages import publish
from tests.rim.shop import ROWS, eventually


@pytest.fixture(scope="module", autouse=True)
def workers(shop, client):
    with worker_nodes(["one", "two"], shop.environment, concurrency=2):
        yield


def test_two_workers_load_a_run_right_to_the_row(shop, client):
    prcid = client.submit(shop.job("PAIR", chunk_size=50))
    run = client.wait(prcid, timeout=60)
    assert run.status is RunStatus.SUCCESS, run.message
    assert (run.tally.source, run.tally.inserted) == (ROWS, ROWS)
    shop.assert_loaded("PAIR")
    chunks = client._site.ledger.chunks(prcid)
    assert len(chunks) >= 20
    assert {chunk.worker for chunk in chunks} == {"worker@one", "worker@two"}
    assert len({chunk.task_id for chunk in chunks}) == len(chunks)
    assert shop.rows("SELECT count(*) FROM dms_targetlease WHERE target LIKE '%pair'") == [(0,)]
    logged = shop.noted(f"SELECT count(*) FROM dms_joblog WHERE prcid = {prcid}")
    assert logged == [(len(chunks),)]


def test_a_second_run_of_the_same_data_changes_nothing(shop, client):
    tables = []
    for _ in range(2):
        run = client.wait(client.submit(shop.job("AGAIN", chunk_size=400)), timeout=60)
        assert run.status is RunStatus.SUCCESS, run.message
        tables.append(shop.rows("SELECT * FROM again ORDER BY customer_id"))
    assert run.tally.unchanged == ROWS
    assert tables[0] == tables[1]


@pytest.mark.parametrize("partition", ["hash", "spool"])
def test_workers_load_slices_of_every_kind_right_to_the_row(shop, client, partition):
    mapref = f"PART_{partition}"
    prcid = client.submit(shop.job(mapref, chunk_size=200, partition=partition))
    run = client.wait(prcid, timeout=90)
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.chunks >= 5
    assert run.tally.inserted == ROWS
    shop.assert_loaded(mapref)
    if partition == "spool":
        assert shop.rows("SELECT name FROM dms_spool") == []


def test_a_run_that_is_not_parallel_is_done_by_its_coordinator(shop, client):
    prcid = client.submit(shop.job("ALONE", enable_parallel=False))
    run = client.wait(prcid, timeout=30)
    assert run.status is RunStatus.SUCCESS, run.message
    [chunk] = client._site.ledger.chunks(prcid)
    assert chunk.task_id is None
    shop.assert_loaded("ALONE")


def test_a_program_that_names_no_queue_is_heard_as_well(shop, client):
    publish(shop.broker_url, {"job": shop.job("DOOR")}, queue="celery")
    [run] = eventually(lambda: client._site.ledger.runs(mapref="DOOR"))
    assert client.wait(run.prcid, timeout=60).status is RunStatus.SUCCESS


def test_a_job_that_does_not_fit_ends_failed_and_says_why(shop, client):
    job = shop.job("UNFIT")
    job["target"]["columns"]["town"] = "no_such_column"
    run = client.wait(client.submit(job), timeout=30)
    assert run.status is RunStatus.FAILED
    assert "MAP-1004" in run.message
    assert "no_such_column" in run.message
    assert shop.rows("SELECT to_regclass('unfit')") == [(None,)]


def test_an_unknown_connection_ends_failed_and_is_named(shop, client):
    job = shop.job("UNKNOWN")
    job["source"]["connection"] = "crm"
    run = client.wait(client.submit(job), timeout=30)
    assert run.status is RunStatus.FAILED
    assert "MAP-1002" in run.message
    assert "crm" in run.message


def test_a_function_outside_the_allowed_modules_is_never_called(shop, client):
    run = client.wait(client.submit(shop.job("BAN") | {"transform": "os:abort"}), timeout=30)
    assert run.status is RunStatus.FAILED
    assert "MAP-1009" in run.message


def test_an_invalid_job_is_refused_before_anything_is_written(client):
    before = len(client._site.ledger.runs(limit=1000))
    with pytest.raises(JobInvalid):
        client.submit({"mapref": "J"})
    assert len(client._site.ledger.runs(limit=1000)) == before


def test_max_workers_holds(shop, client):
    prcid = client.submit(shop.job("HELD", chunk_size=60, max_workers=2))
    run = client.wait(prcid, timeout=90)
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.chunks >= 15
    shop.assert_loaded("HELD")
    times = shop.noted(f"SELECT strtdt, enddt FROM dms_prcchunk WHERE prcid = {prcid}")
    assert most_at_once(times) <= 2


def most_at_once(times) -> int:
    changes = sorted([(start, 1) for start, _ in times] + [(end, -1) for _, end in times])
    at_once = most = 0
    for _, change in changes:
        at_once += change
        most = max(most, at_once)
    return most


def test_too_many_bad_rows_end_the_run_without_their_chunk(shop, client):
    job = shop.job("BAD_ROWS", chunk_size=100) | {"max_error_rows": 3}
    some_id = "CASE WHEN mod(id, 100) = 1 THEN NULL ELSE id END AS id"
    job["source"]["query"] = f"SELECT {some_id}, name, city FROM customers"
    prcid = client.submit(job)
    run = client.wait(prcid, timeout=60)
    assert run.status is RunStatus.FAILED
    assert "more than 3" in run.message
    states = [chunk.status for chunk in client._site.ledger.chunks(prcid)]
    assert ChunkStatus.FAILED in states
    assert ChunkStatus.RUNNING not in states
    assert shop.rows("SELECT count(*) FROM dms_targetlease WHERE target LIKE '%bad_rows'") == [(0,)]
    assert len(client.errors(prcid)) == 4


def test_a_run_that_has_ended_cannot_be_stopped(shop, client):
    prcid = client.submit(shop.job("OVER"))
    client.wait(prcid, timeout=30)
    with pytest.raises(RunOver):
        client.stop(prcid)
