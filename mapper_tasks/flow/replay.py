"""A replay: a new run over the keys that another one rejected, once their cause is mended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mapper_tasks.flow.submit import submit
from mapper_tasks.model.errors import NothingToReplay, RunAlive
from mapper_tasks.model.job import Partition
from mapper_tasks.planning import make_plan_of_keys, refuse_keys_of_python

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Plan, Run


@dataclass(frozen=True, slots=True)
class Replay:
    """What there is to replay of a run. `without_key` keys have a NULL, so nothing finds them."""

    job: Job
    keys: int
    without_key: int


def replay_of(site: Site, prcid: int) -> Replay:
    """Raises UnknownRun, RunAlive, UncuttableKey, or NothingToReplay (MAP-5013)."""
    run = site.ledger.run(prcid)
    if not run.status.final:
        raise RunAlive(f"run {prcid} is {run.status}: its row errors are not all known yet")
    refuse_keys_of_python(run.job)
    texts = site.ledger.rejected_keys(prcid)
    without = sum(None in json.loads(text).values() for text in texts)
    if without == len(texts):
        what = f"its {without} row errors have no key" if without else "it rejected no row"
        raise NothingToReplay(f"run {prcid}: {what}")
    return Replay(job_of(run.job), len(texts) - without, without)


def job_of(job: Job) -> Job:
    """The job for a few of its keys: nothing is missing, and the checkpoint is another matter."""
    return job.model_copy(
        update={
            "source": job.source.model_copy(update={"consistency": "chunk"}),
            "target": job.target.model_copy(update={"on_missing": "ignore"}),
            "checkpoint_config": job.checkpoint_config.model_copy(update={"enabled": False}),
            "parallel_config": job.parallel_config.model_copy(update={"partition": Partition.AUTO}),
        }
    )


def submit_replay(
    site: Site, prcid: int, *, wait_for_target: bool = False, here: bool = False
) -> int:
    """The prcid of a new PENDING run over the row errors of run `prcid`. Raises as `replay_of`."""
    found = replay_of(site, prcid)
    return submit(site, found.job, wait_for_target=wait_for_target, here=here, replays=prcid)


def plan(site: Site, run: Run) -> Plan:
    """The plan of a run that replays another."""
    job = run.job
    return make_plan_of_keys(
        job,
        site.databases(job.source.connection),
        site.databases(job.target.connection),
        site.defaults,
        site.ledger.checkpoint(job.mapref),
        site.now(),
        site.ledger.rejected_keys(run.replays or 0),
    )
