"""The broker goes away under a client that has spoken to it."""

from __future__ import annotations

import threading

import pytest
from kombu.exceptions import OperationalError

from mapper_tasks import MapperClient
from mapper_tasks.demo.servers import valkey_server
from mapper_tasks.model.errors import BrokerUnreachable, MapperError
from mapper_tasks.model.status import RunStatus

PATIENCE = 60.0
JOB = {
    "mapref": "AWAY",
    "source": {"connection": "shop", "query": "SELECT 1 AS id"},
    "target": {
        "connection": "shop",
        "table": "away",
        "business_key": ["id"],
        "columns": {"id": "id"},
    },
}


@pytest.fixture
def broker():
    with valkey_server() as broker:
        yield broker


@pytest.fixture
def client(broker, sqlite_url, monkeypatch):
    monkeypatch.setenv("MAPPER_BROKER_URL", broker.url)
    monkeypatch.setenv("MAPPER_METADATA_URL", sqlite_url)
    with MapperClient() as client:
        yield client


def in_time(function, *arguments):
    """Run it in a thread, which may be left behind: a hang is a failure."""
    raised = []

    def run():
        try:
            function(*arguments)
        except (MapperError, OperationalError) as fault:
            raised.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "it waits for the broker"
    return raised


def test_a_stop_is_written_though_nobody_can_be_told(client, broker):
    prcid = client.submit(JOB)
    client._site.ledger.claim_planning(prcid, "worker", 60)
    client._app.control.revoke(["a connection that stands"])
    broker.child.kill()
    assert in_time(client._app.control.revoke, ["any"])
    assert in_time(client.stop, prcid) == []
    assert client.status(prcid).status in {RunStatus.STOPPING, RunStatus.STOPPED}


def test_a_submit_is_refused_and_its_run_ends(client, broker):
    client.submit(JOB)
    broker.child.kill()
    [fault] = in_time(client.submit, JOB)
    assert isinstance(fault, BrokerUnreachable)
    assert [run.status for run in client._site.ledger.runs(1)] == [RunStatus.FAILED]
