"""Workers of two versions side by side: the older one leaves what is not for it to the newer."""

from __future__ import annotations

import pytest

from mapper_tasks.demo.servers import worker_nodes
from mapper_tasks.model.status import RunStatus
from mapper_tasks.tasks.messages import FORM, FORM_HEADER
from tests.rim.messages import empty, headers_of, publish, waiting
from tests.rim.shop import eventually


@pytest.fixture(autouse=True)
def nothing_left(shop):
    yield
    empty(shop.broker_url, "control")


NEWER = {
    "its form is newer": {FORM_HEADER: FORM + 1},
    "does not know its task": {"task": "mapper.do_what_no_worker_does_yet"},
}


@pytest.mark.parametrize("why", NEWER)
def test_a_message_for_a_newer_worker_goes_back_and_the_older_one_works_on(shop, client, why):
    with worker_nodes(["older"], shop.environment) as [worker]:
        newer = publish(shop.broker_url, {"prcid": 987654, "colour": "red"}, **NEWER[why])

        def given_back():
            lines = worker.child.log.read_text(errors="replace").splitlines()
            return [line for line in lines if "message.given_back" in line]

        told = eventually(lambda: len(given_back()) > 1 and given_back())
        assert all(why in line and "Traceback" not in line for line in told)
        prcid = client.submit(shop.job("OLDER"))
        assert client.wait(prcid, timeout=60).status is RunStatus.SUCCESS
    left = [headers_of(raw)["id"] for raw in waiting(shop.broker_url, "control")]
    assert left == [newer]


def test_a_task_of_somebody_else_is_refused(shop, client):
    with worker_nodes(["older"], shop.environment) as [worker]:
        publish(shop.broker_url, {}, task="shop.send_a_letter")
        eventually(lambda: "no worker here knows" in worker.child.log.read_text(errors="replace"))
        assert worker.child.alive()
    assert waiting(shop.broker_url, "control") == []
