"""The command line with real workers and a real broker."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import RunStatus
from tests.rim.shop import ROWS, Shop, eventually
from tests.rim.terminal import Terminal


@pytest.fixture(scope="module", autouse=True)
def workers(shop, client) -> Iterator[None]:
    with worker_nodes(["one"], shop.environment, concurrency=2):
        yield


@pytest.fixture
def terminal(tmp_path: Path, shop: Shop) -> Terminal:
    return Terminal(tmp_path, dict(shop.environment))


def test_a_run_by_workers_prints_its_result_last_on_stdout(terminal, shop):
    terminal.write("job.yaml", shop.job("CLI_RUN", chunk_size=100))
    answer = terminal.in_own_process("run", "job.yaml", "--json")
    assert answer.code == 0, answer.err
    assert answer.result["status"] == "SUCCESS"
    assert (answer.result["source_rows"], answer.result["inserted"]) == (ROWS, ROWS)
    assert answer.result["chunks"] == ROWS / 100
    assert f"{ROWS:,}/{ROWS:,} rows" in answer.err
    shop.assert_loaded("CLI_RUN")


def test_a_run_that_is_not_waited_for_is_followed_by_status(terminal, shop, client):
    terminal.write("job.yaml", shop.job("CLI_LATER", chunk_size=400))
    answer = terminal.mapper("run", "job.yaml", "--no-wait", "--json")
    assert (answer.code, answer.result["status"]) == (0, "PENDING")
    prcid = answer.result["prcid"]
    client.wait(prcid, timeout=60)
    shown = terminal.mapper("status", str(prcid), "--json").result
    assert shown["status"] == "SUCCESS"
    assert {chunk["worker"] for chunk in shown["chunk_list"]} == {"worker@one"}


def test_a_bad_job_is_refused_here_where_the_connections_are_known(terminal, shop, client):
    job = shop.job("CLI_BAD")
    terminal.write("job.yaml", {**job, "source": {"connection": "shop", "table": "nothing"}})
    answer = terminal.mapper("run", "job.yaml", "--json")
    assert (answer.code, answer.result["prcid"]) == (2, None)
    assert not client._site.ledger.runs(mapref="CLI_BAD")


def test_a_bad_job_fails_on_the_worker_where_only_that_knows_the_connections(terminal, shop):
    terminal.environment["MAPPER_CONNECTIONS__SHOP"] = None
    job = shop.job("CLI_UNKNOWN")
    terminal.write("job.yaml", {**job, "source": {"connection": "crm", "table": "customers"}})
    answer = terminal.mapper("run", "job.yaml", "--json")
    assert (answer.code, answer.result["status"]) == (1, "FAILED")
    assert answer.result["prcid"] is not None
    assert "MAP-1002" in answer.result["message"]


def test_a_run_that_somebody_stops_exits_with_3(terminal, shop, client):
    terminal.write("job.yaml", shop.job("CLI_STOP", chunk_size=1, max_workers=1))
    process = terminal.begin("run", "job.yaml", "--json")
    prcid = running(client, "CLI_STOP")
    assert terminal.mapper("stop", str(prcid)).code == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert '"STOPPED"' in out
    again = terminal.mapper("stop", str(prcid))
    assert (again.code, "MAP-5005" in again.err) == (2, True)


def test_ctrl_c_leaves_a_run_of_the_workers_going(terminal, shop, client):
    terminal.write("job.yaml", shop.job("CLI_LEFT", chunk_size=10, max_workers=1))
    process = terminal.begin("run", "job.yaml")
    prcid = running(client, "CLI_LEFT")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"Run {prcid} goes on" in err
    assert f"mapper stop {prcid}" in err
    assert client.wait(prcid, timeout=120).status is RunStatus.SUCCESS
    shop.assert_loaded("CLI_LEFT")


def test_a_broker_that_is_not_there_is_told_in_words(terminal, shop):
    terminal.environment["MAPPER_BROKER_URL"] = "redis://:hunter2@127.0.0.1:1/0"
    terminal.write("job.yaml", shop.job("CLI_NOBODY"))
    answer = terminal.mapper("run", "job.yaml", "--json")
    assert answer.code == 1
    assert "MAP-5009" in answer.err
    assert "hunter2" not in answer.err + answer.out


def running(client, mapref: str) -> int:
    """The number of the job's newest run, once its first chunk is applied."""

    def begun() -> int | None:
        for run in client._site.ledger.runs(mapref=mapref, limit=1):
            if run.tally.source:
                return run.prcid
        return None

    prcid: int = eventually(begun)
    time.sleep(0.3)  # so that whoever started it is watching
    return prcid
