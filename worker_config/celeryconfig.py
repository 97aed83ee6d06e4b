"""Every Celery setting that matters, each with the reason it is so.

The broker is a fast path and the ledger is the truth: these settings make messages arrive more
often rather than less, because a repeated message costs nothing and a lost one costs time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.utils.sysinfo import cpu_budget
from kombu.entity import Exchange, Queue
from kombu.utils.url import parse_url

if TYPE_CHECKING:
    from worker_config.settings import Settings

CONTROL = "control"  # coordinators, callbacks: short, and never to wait behind chunks
CHUNKS = "chunks"
DOOR = "celery"  # where a client of another language sends that names no queue

HOUR = 3600


def concurrency() -> int:
    """Processes of one worker: the cores it may use, less one for the databases and the system."""
    return max(1, int(cpu_budget().count) - 1)


def make_app(settings: Settings) -> Celery:
    app = Celery("mapper", set_as_current=False, control="worker_config.broadcast:Control")
    app.conf.update(celery_config(settings))
    return app


def celery_config(settings: Settings) -> dict[str, Any]:
    return {
        **_delivery(),
        **_results(settings),
        **_broker(settings),
        **_worker(),
        **_routes(settings),
    }


def _delivery() -> dict[str, Any]:
    return {
        # A message is acknowledged when its work is done: a killed child costs a repetition.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # Whether to try again is the ledger's decision, not the broker's.
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        # A chunk that waits in a busy worker's memory could run elsewhere.
        "worker_prefetch_multiplier": 1,
        # JSON only: a message can carry no code.
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        # A broker that restarts is waited for.
        "task_publish_retry": True,
        "task_publish_retry_policy": {
            "max_retries": 8,
            "interval_start": 0,
            "interval_step": 0.5,
            "interval_max": 5,
        },
        # The default waits for ever for a free connection.
        "broker_pool_acquire_timeout": 60,
    }


def _results(settings: Settings) -> dict[str, Any]:
    return {
        "result_backend": settings.result_url,
        # Without it a Redis outage of seconds turns finished chunks into failed ones.
        "result_backend_always_retry": True,
        "result_backend_transport_options": {
            "retry_policy": {"timeout": 30.0},
            "visibility_timeout": 6 * HOUR,
        },
        # Results are for people to look at; what counts is in the ledger.
        "result_expires": 24 * HOUR,
        # The chord's own bookkeeping must outlive the longest run.
        "result_chord_expires": 7 * 24 * HOUR,
        "redis_socket_timeout": 30,
        "redis_socket_connect_timeout": 5,
        "redis_socket_keepalive": True,
        "redis_backend_health_check_interval": 25,
    }


def _broker(settings: Settings) -> dict[str, Any]:
    return {
        "broker_url": settings.broker_url.get_secret_value(),
        "broker_transport_options": _transport(settings.broker_url.get_secret_value()),
        # What the URL says of TLS, once more: Flower looks for it nowhere else.
        "broker_use_ssl": parse_url(settings.broker_url.get_secret_value()).get("ssl"),
        # A worker waits for its broker for as long as it takes: the default gives up after 100.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # On Redis the tasks of a lost connection run on and are acknowledged after it; cancelling
        # them turns a restart of Redis into revoked chunks.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


def _transport(url: str) -> dict[str, Any]:
    """What the transport needs; the options of one mean nothing to another."""
    if url.startswith("amqp"):
        # A message counts as sent when the broker has it.
        return {"confirm_publish": True}
    if not url.startswith(("redis", "sentinel")):
        return {}
    return {
        # A message is given to another worker after this time, finished or not: longer than any
        # chunk may take. Dead workers are found by their claims, not by this.
        "visibility_timeout": 6 * HOUR,
        # Look for such messages every 10 s; the default is every 100 s.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # A broker that is silently gone is noticed.
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }


def _worker() -> dict[str, Any]:
    return {
        "worker_concurrency": concurrency(),
        # Its words for a message that cannot be read are ours: one line, nothing of the message.
        "worker_consumer": "worker_config.consumer:Consumer",
        # Drops the chord's count of a chunk that was done before its worker was lost.
        "worker_deduplicate_successful_tasks": False,
        # A driver or a Python function of a job that leaks is bounded; between tasks only. KiB.
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": 800_000,
        # Flower sees what runs, and also what is still queued.
        "worker_send_task_events": True,
        "task_send_sent_event": True,
        "task_track_started": True,
        # stdout belongs to whoever started the worker.
        "worker_redirect_stdouts": False,
        "enable_utc": True,
        "timezone": "UTC",
    }


def _routes(settings: Settings) -> dict[str, Any]:
    rabbit = settings.broker_url.get_secret_value().startswith("amqp")
    # RabbitMQ closes the channel of a worker that is busy for longer; the default is half an hour.
    patient = {"x-consumer-timeout": 6 * HOUR * 1000} if rabbit else None
    return {
        # The door is as Celery makes it by itself: RabbitMQ refuses whoever declares it otherwise.
        "task_queues": [_queue(CONTROL, patient), _queue(CHUNKS, patient), _queue(DOOR)],
        "task_default_queue": CONTROL,
        # A misspelt queue is an error, not a place where messages are never read.
        "task_create_missing_queues": False,
        "task_routes": {
            "mapper.process_mapper_chunk": {"queue": CHUNKS},
            "mapper.*": {"queue": CONTROL},
        },
    }


def _queue(name: str, arguments: dict[str, Any] | None = None) -> Queue:
    """A queue under its own key: by default all would share one, and each get every message."""
    return Queue(name, Exchange(name), routing_key=name, queue_arguments=arguments)
