"""What chaos is made of: a wire that lies, a clock that ends what hangs, a judge that sees."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from chaos.ends import End, RunEnd
from chaos.stuck import Stuck, at_most
from chaos.wire import Wire
from mapper_tasks.model.status import RunStatus
from mapper_tasks.tasks.send import FINALIZE, PROCESS

TALLY = dict.fromkeys(("source", "inserted", "updated", "expired", "unchanged", "rejected"), 1)
RUN = RunEnd(1, RunStatus.SUCCESS, TALLY, [("7", "bad", "")], chunks=3, marked=3, logged=3, lines=3)
END = End([(1, "one"), (2, "two")], [RUN])


def message(task):
    return json.dumps({"headers": {"task": task}})


@pytest.fixture
def wire(broker):
    wire = Wire(broker.url)
    wire.open()
    yield wire
    wire.close()


@pytest.fixture
def near(wire):
    """A client at this end of the wire."""
    with redis.Redis.from_url(wire.url, retry=Retry(NoBackoff(), 0)) as client:
        client.delete("chunks", "control")
        yield client
        wire.be_faithful()
        wire.join()
        client.delete("chunks", "control")


def test_the_wire_passes_everything_on(near):
    assert near.ping()
    near.lpush("chunks", message(PROCESS), "x" * 300_000)
    assert near.llen("chunks") == 2
    with near.pipeline() as several:
        assert several.rpop("chunks").llen("chunks").execute() == [message(PROCESS).encode(), 1]


def test_every_message_is_sent_twice(near, wire):
    wire.doubles = True
    near.lpush("chunks", message(PROCESS))
    near.lpush("no queue", "x")
    assert near.lrange("chunks", 0, -1) == [message(PROCESS).encode()] * 2
    assert near.llen("no queue") == 1
    assert wire.doubled == 1
    near.delete("no queue")


def test_only_messages_that_finalize_are_dropped(near, wire):
    wire.drops = True
    near.lpush("control", message(FINALIZE))
    near.lpush("control", message("mapper.execute_mapper_job"))
    assert near.llen("control") == 1
    assert wire.dropped == 1


def test_a_cut_wire_carries_nothing_until_it_is_joined(near, wire):
    near.ping()
    wire.cut()
    for _ in range(2):
        with pytest.raises(redis.ConnectionError):
            near.ping()
    wire.join()
    assert near.ping()


def test_a_call_that_does_not_return_is_ended_and_named():
    with pytest.raises(Stuck, match="test_a_call_that_does_not_return"), at_most(0.1):
        time.sleep(60)


def test_the_same_end_has_no_differences():
    assert END.differences(END) == []


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (replace(RUN, errors=[]), "row errors"),
        (replace(RUN, marked=2), "2 markers"),
        (replace(RUN, lines=4), "4 lines"),
        (replace(RUN, tally={**TALLY, "source": 2}), "source: 2, not 1"),
        (replace(RUN, tally={**TALLY, "inserted": 2}), "changes"),
    ],
)
def test_what_a_run_has_wrong_is_told(run, words):
    [found] = replace(END, runs=[run]).differences(END)
    assert words in found


@pytest.mark.parametrize("versions", [[(1, "one")], [*END.versions, (2, "two")]])
def test_a_version_too_few_or_too_many_is_told(versions):
    [found] = replace(END, versions=versions).differences(END)
    assert found.startswith("versions")


def test_of_two_runs_the_changes_are_those_of_one():
    idle = replace(RUN, tally={**TALLY, "inserted": 0, "updated": 0, "expired": 0})
    assert replace(END, runs=[idle, RUN]).differences(END) == []
    assert replace(END, runs=[RUN, RUN]).differences(END) != []
