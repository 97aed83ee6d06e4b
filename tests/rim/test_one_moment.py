"""The source changes while the chunks of a run read it."""

from __future__ import annotations

import psutil
import pytest
from sqlalchemy import text

from mapper_tasks import Job
from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.status import RunStatus
from tests.rim.brake import WITHIN
from tests.rim.gate import Gate
from tests.rim.messages import publish
from tests.rim.shop import eventually

KEEPERS = "FROM pg_stat_activity WHERE query = 'SELECT 1' AND state = 'idle in transaction'"


@pytest.fixture(scope="module")
def gate(shop):
    gate = Gate(shop)
    yield gate
    gate.close()


@pytest.fixture(autouse=True)
def open_at_the_end(gate, team):
    yield
    gate.open()


def change(shop, word):
    """Every customer moves, some are gone, some are new."""
    with shop.engine.begin() as connection:
        connection.execute(text("UPDATE customers SET city = :city"), {"city": word})
        connection.execute(text("DELETE FROM customers WHERE id % 40 = 5"))
        connection.execute(
            text(
                "INSERT INTO customers SELECT max(id) + n, 'new', :city "
                "FROM customers, generate_series(1, 20) n GROUP BY n"
            ),
            {"city": word},
        )


def customers(shop):
    return shop.rows("SELECT id, name, UPPER(city) FROM customers ORDER BY 1")


def loaded(shop, mapref):
    return shop.rows(f"SELECT customer_id, name, city FROM {mapref.lower()} ORDER BY 1")


def keepers(shop):
    return shop.rows(f"SELECT count(*) {KEEPERS}")[0][0]


def test_all_chunks_read_the_moment_at_which_the_run_was_planned(shop, client, gate):
    before = customers(shop)
    prcid = gate.begun(client, "ONE_MOMENT", "run")
    change(shop, "elsewhere")
    gate.open()
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.SUCCESS, run.message
    assert run.chunks > 2
    assert loaded(shop, "ONE_MOMENT") == before
    assert customers(shop) != before
    eventually(lambda: keepers(shop) == 0)


def test_without_it_each_chunk_reads_a_moment_of_its_own(shop, client, gate):
    """What the other tests would show if nobody kept the moment."""
    before = customers(shop)
    prcid = gate.begun(client, "MANY_MOMENTS", "chunk")
    change(shop, "somewhere")
    gate.open()
    assert client.wait(prcid, timeout=WITHIN).status is RunStatus.SUCCESS
    found = loaded(shop, "MANY_MOMENTS")
    assert found != before
    assert found != customers(shop)


def test_a_run_whose_moment_is_lost_fails_and_a_resumed_one_says_that_it_read_two(
    shop, client, gate
):
    before = customers(shop)
    prcid = gate.begun(client, "LOST_MOMENT", "run")
    shop.rows(f"SELECT pg_terminate_backend(pid) {KEEPERS}")
    change(shop, "far away")
    gate.open()
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.FAILED
    assert "MAP-4005" in run.message
    assert "mapper resume" in run.message
    first = loaded(shop, "LOST_MOMENT")
    assert first
    assert set(first) < set(before)

    client.resume(prcid)
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.SUCCESS, run.message
    assert "not all was read at one moment" in run.message
    assert set(loaded(shop, "LOST_MOMENT")) - set(first) < set(customers(shop))


def test_a_stopped_run_lets_go_of_its_moment_and_a_resumed_one_takes_another(shop, client, gate):
    prcid = gate.begun(client, "STOPPED_MOMENT", "run")
    client.stop(prcid, now=True)
    assert client.wait(prcid, timeout=WITHIN).status is RunStatus.STOPPED
    eventually(lambda: keepers(shop) == 0)
    gate.open()
    change(shop, "over there")
    client.resume(prcid)
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.SUCCESS, run.message
    assert "moment" not in run.message, "nothing was applied at the first one"
    assert loaded(shop, "STOPPED_MOMENT") == customers(shop)


def test_pool_processes_may_go_but_the_main_process_keeps_the_moment(shop, client, gate, team):
    before = customers(shop)
    prcid = gate.begun(client, "POOL_GONE", "run")
    for child in psutil.Process(team.control.pid).children():
        child.kill()
    change(shop, "anywhere")
    gate.open()
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.SUCCESS, run.message
    assert loaded(shop, "POOL_GONE") == before


def test_a_killed_worker_takes_its_moment_with_it(shop, client, gate):
    only = ("-Q", "celery")
    with worker_nodes(["keeping"], shop.environment, arguments=only) as [keeping]:
        gate.shut()
        prcid = submit(client._site, Job.read(gate.job("KILLED_KEEPER", "run")))
        publish(shop.broker_url, {"prcid": prcid}, queue="celery")
        eventually(lambda: client.status(prcid).status is RunStatus.RUNNING)
        eventually(lambda: keepers(shop) == 1)
        keeping.child.kill()
    gate.open()
    run = client.wait(prcid, timeout=WITHIN)
    assert run.status is RunStatus.FAILED
    assert "MAP-4005" in run.message
