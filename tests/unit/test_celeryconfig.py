"""What the Celery settings promise, and that each is one that Celery knows."""

from __future__ import annotations

import psycopg
import pytest
from celery.app.defaults import NAMESPACES, flatten
from sqlalchemy.exc import OperationalError

from mapper_tasks.tasks import register
from mapper_tasks.tasks.send import EXECUTE, FINALIZE, FINALIZE_AFTER_ERROR, PROCESS
from mapper_tasks.tasks.tasks import LEDGER_ATTEMPTS
from worker_config import celeryconfig
from worker_config.celeryconfig import CHUNKS, CONTROL, DOOR, celery_config, make_app
from worker_config.settings import Settings


@pytest.fixture
def settings():
    return Settings(broker_url="redis://127.0.0.1:1/0")


@pytest.fixture
def app(settings):
    with make_app(settings) as app:
        register(app, lambda worker: pytest.fail(f"{worker} has nothing to do"))
        yield app


def test_every_setting_is_one_that_celery_knows(settings):
    known = {name for name, _ in flatten(NAMESPACES)}
    known |= {"redis_backend_health_check_interval"}  # read by the backend, not listed
    assert set(celery_config(settings)) <= known


def test_messages_are_json_and_acknowledged_late(app):
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == app.conf.result_serializer == "json"
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_what_breaks_chords_stays_off(app):
    assert not app.conf.worker_deduplicate_successful_tasks
    assert not app.conf.worker_cancel_long_running_tasks_on_connection_loss
    assert app.conf.result_backend_always_retry
    assert app.conf.result_chord_expires > app.conf.result_expires


def test_a_worker_listens_to_all_queues(app):
    assert set(app.amqp.queues) == {CONTROL, CHUNKS, DOOR}


def test_a_message_goes_to_one_queue(app):
    keys = [(queue.exchange.name, queue.routing_key) for queue in app.amqp.queues.values()]
    assert keys == [(name, name) for name in app.amqp.queues]


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        (EXECUTE, CONTROL),
        (FINALIZE, CONTROL),
        (FINALIZE_AFTER_ERROR, CONTROL),
        (PROCESS, CHUNKS),
    ],
)
def test_chunks_have_a_queue_of_their_own(app, task, queue):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_the_tasks_of_the_contract_are_registered(app):
    ours = {name for name in app.tasks if name.startswith("mapper.")}
    assert ours == {EXECUTE, PROCESS, FINALIZE, FINALIZE_AFTER_ERROR}


@pytest.mark.parametrize(("cores", "processes"), [(1, 1), (2, 1), (8, 7)])
def test_a_worker_leaves_one_core_free_and_has_at_least_one_process(monkeypatch, cores, processes):
    budget = celeryconfig.cpu_budget()._replace(count=cores)
    monkeypatch.setattr(celeryconfig, "cpu_budget", lambda: budget)
    assert celeryconfig.concurrency() == processes


def test_another_broker_than_redis_gets_no_redis_options():
    rabbit = Settings(broker_url="amqp://mq//", result_backend="redis://r/0")
    assert celery_config(rabbit)["broker_transport_options"] == {"confirm_publish": True}


def test_a_ledger_that_does_not_answer_is_asked_again_many_times(settings):
    asked = []

    def no_ledger(worker):
        asked.append(worker)
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError("no answer"))

    with make_app(settings) as app:
        register(app, no_ledger)
        ended = app.tasks[PROCESS].apply(kwargs={"prcid": 1, "chunk_no": 1})
    assert ended.state == "FAILURE"
    assert len(asked) == LEDGER_ATTEMPTS + 1


def test_on_rabbitmq_a_chunk_may_take_hours_and_the_door_is_as_any_celery_makes_it():
    rabbit = Settings(broker_url="amqp://mq//", result_backend="redis://r/0")
    patience = {queue.name: queue.queue_arguments for queue in celery_config(rabbit)["task_queues"]}
    six_hours = {"x-consumer-timeout": 6 * 3600 * 1000}
    assert patience == {"control": six_hours, "chunks": six_hours, "celery": None}
