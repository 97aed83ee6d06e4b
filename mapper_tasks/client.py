"""MapperClient: submit a job from Python, and follow, stop or resume its run."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from kombu.exceptions import OperationalError

from mapper_tasks.flow.finalize import finalize
from mapper_tasks.flow.replay import submit_replay
from mapper_tasks.flow.stop import stop
from mapper_tasks.flow.submit import submit
from mapper_tasks.model import clock
from mapper_tasks.model.errors import BrokerUnreachable
from mapper_tasks.model.job import Job
from mapper_tasks.tasks.send import post_of, send_execute
from worker_config.celeryconfig import make_app
from worker_config.settings import Settings, read_settings
from worker_config.site import open_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mapper_tasks.ledger import Progress
    from mapper_tasks.model.run import Run

# A person or a program waits for the answer: shorter than a worker's patience.
PATIENCE = {"max_retries": 3, "interval_start": 0, "interval_step": 0.5, "interval_max": 1}
FIRST_LOOK, LONGEST_PAUSE = 0.05, 1.0


class MapperClient:
    """Runs of the ledger and the broker that the environment (or `settings`) names.

    Close it, or use `with`.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._open = ExitStack()
        settings = settings or read_settings()
        self._site = self._open.enter_context(open_site("client", settings))
        self._app = self._open.enter_context(make_app(settings))

    def submit(self, job: Job | Mapping[str, Any], *, wait_for_target: bool = False) -> int:
        """Write the run down, have it executed, and return its prcid at once.

        `wait_for_target`: while another run loads its target it stays PENDING, instead of FAILED.
        Raises JobInvalid, LedgerOutdated or BrokerUnreachable; after the last the run is FAILED.
        """
        checked = job if isinstance(job, Job) else Job.read(dict(job))
        self._site.ledger.check()
        prcid = submit(self._site, checked, wait_for_target=wait_for_target)
        return self._begin(checked.mapref, prcid)

    def replay(self, prcid: int, *, wait_for_target: bool = False) -> int:
        """The prcid of a new run over the keys that run `prcid` rejected, once they are mended.

        Raises UnknownRun, RunAlive, NothingToReplay, UncuttableKey, or as `submit`.
        """
        self._site.ledger.check()
        begun = submit_replay(self._site, prcid, wait_for_target=wait_for_target)
        return self._begin(self.status(begun).job.mapref, begun)

    def _begin(self, mapref: str, prcid: int) -> int:
        try:
            self._execute(mapref, prcid)
        except BrokerUnreachable as lost:
            self._site.ledger.fail_planning(prcid, str(lost))
            raise
        return prcid

    def status(self, prcid: int) -> Run:
        """The run as the ledger has it. Raises UnknownRun."""
        return self._site.ledger.run(prcid)

    def progress(self, prcid: int) -> Progress:
        """The run with its chunks counted by status."""
        return self._site.ledger.progress(prcid)

    def errors(self, prcid: int, limit: int | None = None) -> list[dict[str, Any]]:
        """The run's row errors: rows of DMS_JOBERR."""
        self.status(prcid)
        return self._site.ledger.row_errors(prcid, limit=limit)

    def wait(self, prcid: int, timeout: float | None = None) -> Run:
        """The run once it has its final status. Raises TimeoutError after `timeout` seconds."""
        until = None if timeout is None else clock.monotonic() + timeout
        pause = FIRST_LOOK
        while not (run := self.status(prcid)).status.final:
            if until is not None and clock.monotonic() + pause > until:
                raise TimeoutError(f"run {prcid} is {run.status} after {timeout:g} s")
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
        return run

    def stop(self, prcid: int, *, now: bool = False) -> None:
        """Ask the run to stop: nothing of it starts after this. Raises RunOver when it has ended.

        What runs finds the request in the ledger, also where there is no broker; what is queued
        is revoked. `now`: running chunks are rolled back, within two seconds.
        """
        stop(self._site, prcid, post_of(self._app, self._site.tell), now=now)

    def resume(self, prcid: int) -> None:
        """Go on with what is not applied.

        Raises RunOver, RunAlive while it has not ended, or BrokerUnreachable: then it is STOPPED.
        """
        run = self._site.ledger.resume(prcid)
        try:
            self._execute(run.job.mapref, prcid)
        except BrokerUnreachable:
            self._site.ledger.request_stop(prcid)
            finalize(self._site, prcid)
            raise

    def _execute(self, mapref: str, prcid: int) -> None:
        try:
            send_execute(self._app, mapref, prcid, retry_policy=PATIENCE)
        except OperationalError:
            raise BrokerUnreachable(f"run {prcid}: the broker does not answer") from None

    def close(self) -> None:
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
