"""A new run over what another one rejected."""

from __future__ import annotations

import pytest

from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.local import run_here
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.replay import replay_of, submit_replay
from mapper_tasks.flow.submit import submit
from mapper_tasks.ledger import Ledger
from mapper_tasks.model.errors import NothingToReplay, RunAlive, UncuttableKey
from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus
from mapper_tasks.planning import replayed

BAD = (3, 7, 12)


@pytest.fixture
def place(place):
    """A source in which some people have no name, though the target wants one."""
    place.fill(15)
    change(place, f"UPDATE person SET name = NULL WHERE id IN {BAD}")
    with place.databases["target"].writing() as writer:
        writer.exec_driver_sql("CREATE TABLE dim_person (id INTEGER NOT NULL, name TEXT NOT NULL)")
    return place


def change(place, statement):
    with place.databases["source"].writing() as writer:
        writer.exec_driver_sql(statement)


def job(place, **more):
    given = place.parallel_job(5).as_json()
    target = {**given["target"], **more.pop("target", {})}
    return Job.read({**given, "target": target, **more})


def ended(place, prcid):
    return run_here(place.site, prcid, lambda _: None)


def rejected(place, prcid):
    return place.site.ledger.rejected_keys(prcid)


def test_rows_that_were_mended_are_loaded_and_the_others_rejected_again(place):
    first = ended(place, submit(place.site, job(place)))
    assert first.tally.rejected == 3
    change(place, "UPDATE person SET name = 'mended' WHERE id IN (3, 12)")
    change(place, "UPDATE person SET name = 'not looked at' WHERE id = 5")

    again = ended(place, submit_replay(place.site, first.prcid))

    assert again.status is RunStatus.SUCCESS, again.message
    assert again.replays == first.prcid
    tally = again.tally
    assert (tally.source, tally.inserted, tally.updated, tally.rejected) == (3, 2, 0, 1)
    assert rejected(place, again.prcid) == ['{"id": "7"}']
    loaded = dict(place.loaded())
    assert (loaded[3], loaded[12], loaded[5]) == ("mended", "mended", "n5")
    assert 7 not in loaded


def test_a_replay_expires_nothing_and_leaves_the_checkpoint(place):
    keyed = {"checkpoint_config": {"strategy": "KEY", "columns": ["id"]}}
    first = ended(place, submit(place.site, job(place, **keyed)))
    reached = place.site.ledger.checkpoint("PERSON")
    change(place, "UPDATE person SET name = 'mended' WHERE name IS NULL")

    again = ended(place, submit_replay(place.site, first.prcid))

    assert again.tally.inserted == 3
    assert reached is not None
    assert place.site.ledger.checkpoint("PERSON") == reached

    expiring = {"target": {"on_missing": "expire", "max_expire_share": 1}}
    change(place, "UPDATE person SET name = NULL WHERE id = 1")
    other = ended(place, submit(place.site, job(place, **expiring)))
    assert other.tally.rejected == 1
    replayed_run = ended(place, submit_replay(place.site, other.prcid))
    assert replayed_run.tally.expired == 0
    assert len(place.loaded()) == 15


def test_keys_are_chunks_like_any_others(place, monkeypatch):
    monkeypatch.setattr(replayed, "KEYS_AT_ONCE", 2)
    first = ended(place, submit(place.site, job(place)))
    change(place, "UPDATE person SET name = 'mended' WHERE name IS NULL")

    prcid = submit_replay(place.site, first.prcid)
    execute(place.site, prcid, place.post)
    assert place.sent == [("chord", [1, 2])]
    for chunk_no in (1, 2):
        process_chunk(place.site, prcid, chunk_no)

    assert finalize(place.site, prcid).tally.inserted == 3


def test_rows_without_a_key_are_counted_and_left_out(place):
    given = job(place).as_json()
    given["source"] = {
        "connection": "source",
        "query": "SELECT CASE WHEN id = 4 THEN NULL ELSE id END AS id, name FROM person",
    }
    first = ended(place, submit(place.site, Job.read(given)))

    found = replay_of(place.site, first.prcid)
    assert (found.keys, found.without_key) == (3, 1)

    prcid = submit_replay(place.site, first.prcid)
    again = ended(place, prcid)
    assert again.tally.source == 3
    assert "1 more have no key" in again.plan.reason


def test_a_run_that_rejected_nothing_cannot_be_replayed(place):
    change(place, "UPDATE person SET name = 'n' WHERE name IS NULL")
    first = ended(place, submit(place.site, job(place)))

    with pytest.raises(NothingToReplay, match="rejected no row"):
        submit_replay(place.site, first.prcid)


def test_a_run_that_has_not_ended_cannot_be_replayed(place):
    prcid = submit(place.site, job(place))

    with pytest.raises(RunAlive):
        submit_replay(place.site, prcid)


def test_a_key_that_python_makes_cannot_be_asked_for(place):
    columns = {"id": {"python": "shop:key"}, "name": "name"}
    prcid = submit(place.site, job(place, target={"columns": columns}))
    place.site.ledger.fail_planning(prcid, "not here")

    with pytest.raises(UncuttableKey, match="Python"):
        replay_of(place.site, prcid)


def test_a_resumed_run_is_done_here_and_held_against_others(place, monkeypatch):
    change(place, "UPDATE person SET name = 'n' WHERE name IS NULL")
    prcid = submit(place.site, job(place))
    execute(place.site, prcid, place.post)
    process_chunk(place.site, prcid, 2)
    place.site.ledger.request_stop(prcid)
    finalize(place.site, prcid)
    assert len(place.loaded()) == 5

    held = []
    hold = Ledger.hold_here
    monkeypatch.setattr(
        Ledger, "hold_here", lambda self, *words: held.append(hold(self, *words)) or held[-1]
    )
    place.site.ledger.resume(prcid, here=True)
    run = ended(place, prcid)

    assert run.status is RunStatus.SUCCESS
    assert len(place.loaded()) == 15
    assert len(held) == 1
    assert place.site.ledger.hold_here(prcid, 10) is None
