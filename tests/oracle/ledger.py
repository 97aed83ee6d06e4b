"""The ledger's statements: caught while a run lives in SQLite, and spelled for Oracle.

They name no database, so that what one is told all are told; only their spelling differs.
"""

from __future__ import annotations

from contextlib import closing
from unittest.mock import patch

from sqlalchemy import event

from mapper_tasks.dialects import open_database
from mapper_tasks.ledger import Ledger
from mapper_tasks.ledger.migrations import steps
from tests.ledger.runs import FAULT, TALLY, Runs, a_job, a_plan
from tests.oracle.recording import Scene, database, on_stage


class Nothing:
    """What an inspector finds in an empty schema."""

    has_table = get_columns = get_indexes = lambda *_: ()


def migrations():
    """Every step from an empty schema on, and what keeps others out meanwhile."""
    scene = Scene([(r"FROM all_tables", [])])
    with (
        on_stage(scene),
        closing(database("ledger")) as home,
        patch.object(steps, "_found", Nothing),
    ):
        Ledger(home).upgrade()
    return scene.statements


def dialect():
    """Oracle's, as it is once a session was opened."""
    with on_stage(Scene()), closing(database("ledger")) as home:
        home.engine.connect().close()
        return home.engine.dialect


def statements(play, spelled):
    """What `play(ledger)` says."""
    said = []

    def note(_connection, element, several, given, _options):
        parameters = next(iter(several), given) or None
        said.append(
            str(
                element.compile(
                    dialect=spelled,
                    column_keys=None if parameters is None else list(parameters),
                    for_executemany=len(several) > 1,
                    compile_kwargs={"render_postcompile": True},
                )
            )
        )

    with closing(open_database("ledger", "sqlite://")) as home:
        ledger = Ledger(home)
        ledger.upgrade()
        event.listen(home.engine, "before_execute", note)
        play(ledger)
    return said


def a_run(ledger):
    """From its request to its end."""
    prcid = ledger.submit(a_job(), request_key="once")
    ledger.check()
    token = ledger.claim_planning(prcid, "worker")
    ledger.beat_run(prcid, token)
    ledger.look_run(prcid, token)
    ledger.offer_moment(prcid, "4711")
    ledger.record_plan(prcid, a_plan(), token)
    ledger.dispatch(prcid, 3)
    ledger.outstanding_task_ids(prcid)
    ledger.moment(prcid)
    for chunk_no in (1, 2, 3):
        claim = Runs(ledger).claim(prcid, chunk_no)
        ledger.beat(claim)
        ledger.look(claim)
        ledger.record_row_errors(claim, [FAULT, FAULT], 1000)
        ledger.finish_chunk(claim, TALLY, {"extract": 0.5})
    ledger.may_end(prcid)
    ledger.finalize(prcid)
    ledger.checkpoint(a_job().mapref)


def its_watchers(ledger):
    """What people ask."""
    prcid = Runs(ledger).planned()
    ledger.runs()
    ledger.runs(5, "DIM_CUSTOMER")
    ledger.progress(prcid)
    ledger.chunks(prcid)
    ledger.row_errors(prcid, 10)
    ledger.rejected_keys(prcid)


def its_troubles(ledger):
    """Faults, stops, and whatever a dead worker leaves behind."""
    runs = Runs(ledger)
    prcid = runs.planned(max_workers=1)
    ledger.dispatch(prcid, 3)
    ledger.release_chunk(runs.claim(prcid), "busy", retry=True, again_in=5)
    ledger.fail_chunk(runs.claim(prcid, 2), "broken")
    runs.claim(prcid, 3, seconds=-1)
    ledger.take_back(prcid, -1)
    ledger.lose_moment(prcid, "4711", "gone")
    ledger.request_stop(prcid, now=True)
    ledger.carry_out_stops()
    ledger.live_runs()
    ledger.finalize(prcid)
    ledger.resume(prcid)
    ledger.go_on(prcid, "token")
    ledger.cancel(prcid, "why")
    late = ledger.submit(a_job(), here=True, replays=prcid)
    ledger.hold_here(late, 60)
    ledger.unfinished_here()
    ledger.abandoned(late, 5)
    unplanned = ledger.submit(a_job())
    ledger.take_unplanned(-1)
    token = ledger.claim_planning(unplanned, "worker")
    ledger.forget_moment(unplanned, token)
    ledger.give_back_planning(unplanned, token, "busy", 5)
    ledger.fail_planning(unplanned, "broken")


def scenes():
    spelled = dialect()
    return {
        "ledger_tables": migrations(),
        "ledger_of_a_run": statements(a_run, spelled),
        "ledger_watched": statements(its_watchers, spelled),
        "ledger_in_trouble": statements(its_troubles, spelled),
    }
