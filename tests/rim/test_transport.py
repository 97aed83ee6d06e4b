"""A worker's connection to a broker that goes away."""

from __future__ import annotations

import pytest
from kombu import Connection, Consumer, Producer, Queue

from mapper_tasks.demo.servers import valkey_server
from worker_config import transport

MESSAGES = 3


@pytest.fixture
def broker():
    with valkey_server() as broker:
        yield broker


@pytest.fixture
def connection(broker):
    with Connection(broker.url, transport=transport.Transport) as connection:
        yield connection


def unacknowledged(channel):
    """Let the channel read messages and not say that they are done."""
    queue = Queue("work", channel=channel)
    queue.declare()
    producer = Producer(channel)
    for number in range(MESSAGES):
        producer.publish({"number": number}, routing_key="work", declare=[queue])
    assert all(queue.get(no_ack=False) for _ in range(MESSAGES))


def listening(channel):
    """Let the channel wait for a message, as a worker does."""
    Consumer(channel, Queue("work"), callbacks=[print]).consume()
    channel.client.connection = channel.client.connection_pool.get_connection()
    channel._brpop_start()


def test_messages_that_are_not_done_go_back_when_a_connection_is_closed(connection, broker):
    unacknowledged(connection.default_channel)
    connection.close()
    with Connection(broker.url) as later:
        assert later.SimpleQueue("work").qsize() == MESSAGES


def test_a_worker_whose_broker_goes_while_it_listens_closes_its_connection(connection, broker):
    unacknowledged(connection.default_channel)
    for channel in connection.default_channel, connection.channel():
        listening(channel)
    broker.child.kill()
    connection.collect()  # as Celery does, whatever that raises
    connection.close()
