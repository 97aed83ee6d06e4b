"""The broker as a stranger sees it: plain kombu and plain Redis, nothing of ours.

What is asked of any broker goes by kombu; the bodies of messages are looked at in Redis.
"""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import redis
from kombu import Connection


def publish(
    broker_url: str,
    kwargs: dict[str, Any],
    task_id: str | None = None,
    queue: str = "control",
    **more: Any,
) -> str:
    """Send the message of the contract as a program in any language would; `more` are headers."""
    task_id = task_id or str(uuid4())
    body = [[], kwargs, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    headers = {"task": "mapper.execute_mapper_job", "id": task_id, "lang": "other", **more}
    with Connection(broker_url) as connection, connection.Producer() as producer:
        producer.publish(body, routing_key=queue, headers=headers, serializer="json")
    return task_id


def count(broker_url: str, queue: str) -> int:
    """How many messages of the queue nobody has fetched."""
    with Connection(broker_url) as connection, connection.channel() as channel:
        try:
            return int(channel.queue_declare(queue, passive=True).message_count)
        except connection.channel_errors:
            return 0  # an empty queue may be none


def take(broker_url: str, queue: str, most: int) -> list[str]:
    """Lose so many messages of the queue; their task ids."""
    ids = []
    with Connection(broker_url) as connection, connection.channel() as channel:
        for _ in range(most):
            message = channel.basic_get(queue)
            ids.append(message.headers["id"])
            channel.basic_ack(message.delivery_tag)
    return ids


def empty(broker_url: str, *queues: str) -> None:
    """Take every message out of the queues that there are."""
    with Connection(broker_url) as connection:
        for queue in queues:
            with connection.channel() as channel:
                if count(broker_url, queue):
                    channel.queue_purge(queue)


def waiting(broker_url: str, queue: str) -> list[bytes]:
    """The raw messages of a queue."""
    with redis.Redis.from_url(broker_url) as broker:
        return [bytes(raw) for raw in broker.lrange(queue, 0, -1)]


def repeat(broker_url: str, queue: str) -> None:
    """Deliver every message of a queue once more."""
    with redis.Redis.from_url(broker_url) as broker:
        for raw in waiting(broker_url, queue):
            broker.lpush(queue, raw)


def everything(broker_url: str) -> str:
    """All that is in the broker's database, bodies decoded."""
    with redis.Redis.from_url(broker_url, decode_responses=True) as broker:
        texts = []
        for key in broker.scan_iter():
            texts += [key, *_values(broker, key)]
    return "\n".join([*texts, *(_body(text) for text in texts)])


def _values(broker: Any, key: str) -> list[str]:
    match broker.type(key):
        case "string":
            return [broker.get(key)]
        case "list":
            return list(broker.lrange(key, 0, -1))
        case "hash":
            return [text for pair in broker.hgetall(key).items() for text in pair]
        case "set":
            return list(broker.smembers(key))
        case "zset":
            return list(broker.zrange(key, 0, -1))
    return []


def body_of(raw: bytes | str) -> Any:
    return json.loads(base64.b64decode(json.loads(raw)["body"]))


def headers_of(raw: bytes | str) -> dict[str, Any]:
    headers: dict[str, Any] = json.loads(raw)["headers"]
    return headers


def _body(text: str) -> str:
    try:
        return json.dumps(body_of(text))
    except (ValueError, KeyError, TypeError):
        return ""
