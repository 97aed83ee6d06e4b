"""The Celery tasks of a run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from mapper_tasks.flow.events import Event
from mapper_tasks.flow.execute import execute
from mapper_tasks.flow.faults import is_passing
from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.patience import pause_for_the_ledger
from mapper_tasks.flow.plan import give_up
from mapper_tasks.flow.process import process_chunk
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.errors import (
    BadMessage,
    DatabaseUnreachable,
    JobInvalid,
    MapperError,
    UnknownRun,
)
from mapper_tasks.tasks.messages import Asked, read_asked, read_numbers
from mapper_tasks.tasks.send import (
    EXECUTE,
    FINALIZE,
    FINALIZE_AFTER_ERROR,
    PROCESS,
    post_of,
    send_again,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from celery import Celery, Task

    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.run import Run

# How often a ledger that does not answer is waited for: an hour or so.
LEDGER_ATTEMPTS = 14
SHOWN = {"argsrepr": "", "kwargsrepr": "again, since the ledger did not answer"}

REFUSALS = (JobInvalid, BadMessage, UnknownRun)
WORDS = 500  # of a refusal in the log


def register(app: Celery, site_of: Callable[[str], Site]) -> None:
    """Make the tasks known to `app`; `site_of` gives the place of a worker by its node name."""

    def execute_mapper_job(self: Task, *args: Any, **message: Any) -> dict[str, Any]:
        with _place_of(self, site_of) as site:
            prcid = _run_asked_for(site, read_asked(args, message), self.request.id)
            return _in_short(_coordinate(site, app, prcid))

    def process_mapper_chunk(self: Task, *args: Any, **message: Any) -> dict[str, Any]:
        with _place_of(self, site_of) as site:
            prcid, chunk_no = read_numbers(args, message, "prcid", "chunk_no")
            outcome = process_chunk(site, prcid, chunk_no, post_of(app, site.tell))
            if outcome.again_in is not None:
                send_again(self, prcid, outcome.again_in, site.tell)
            return outcome.as_dict()

    def finalize_mapper_job(self: Task, *args: Any, **message: Any) -> dict[str, Any]:
        with _place_of(self, site_of) as site:
            [prcid] = read_numbers(args, message, "prcid")
            return _in_short(finalize(site, prcid) or site.ledger.run(prcid))

    for name, task in {
        EXECUTE: execute_mapper_job,
        PROCESS: process_mapper_chunk,
        FINALIZE: finalize_mapper_job,
        # A chord's error proves nothing about its run: the ledger is asked like after its success.
        FINALIZE_AFTER_ERROR: finalize_mapper_job,
    }.items():
        options = {"bind": True, "shared": False, "throws": REFUSALS}
        app.task(name=name, **options)(task)


@contextmanager
def _place_of(task: Task, site_of: Callable[[str], Site]) -> Iterator[Site]:
    """The worker's place. A message that is refused in it is told in one line.

    One that met a fault of the ledger which passes by itself comes again later.
    """
    try:
        site = site_of(task.request.hostname)
        with _refused(task, site):
            yield site
    except (SQLAlchemyError, DatabaseUnreachable) as fault:
        if not is_passing(fault):
            raise
        pause = pause_for_the_ledger(task.request.retries + 1)
        again = {"countdown": pause, "max_retries": LEDGER_ATTEMPTS, **SHOWN}
        raise task.retry(exc=fault, **again) from None


@contextmanager
def _refused(task: Task, site: Site) -> Iterator[None]:
    try:
        yield
    except REFUSALS as fault:
        why = fault.message[:WORDS]
        site.tell(Event.MESSAGE_REFUSED, task=task.name, fault=fault.code, why=why)
        raise


def _run_asked_for(site: Site, asked: Asked, request_key: str) -> int:
    """The run of a message, written down now if it brings its job: once, however often it comes."""
    if asked.prcid is not None:
        return asked.prcid
    assert asked.job is not None  # noqa: S101 - one of both
    return submit(site, asked.job, request_key, wait_for_target=asked.wait_for_target)


def _coordinate(site: Site, app: Celery, prcid: int) -> Run:
    try:
        return execute(site, prcid, post_of(app, site.tell))
    except MapperError:
        pass  # the ledger has it
    except Exception as fault:  # the rim: no fault of a job may leave its run open
        if is_passing(fault):
            raise
        give_up(site, site.ledger.run(prcid), fault)
    return site.ledger.run(prcid)


def _in_short(run: Run) -> dict[str, Any]:
    """Numbers and names only: results are shown in Flower."""
    return {
        "prcid": run.prcid,
        "mapref": run.job.mapref,
        "status": run.status,
        "chunks": run.chunks,
        **run.tally.as_dict(),
    }
