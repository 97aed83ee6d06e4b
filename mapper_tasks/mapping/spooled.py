"""The job that reads a spool: the rows of another job, mapped already and kept in its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mapper_tasks.model.job import CheckpointConfig, ColumnRule, Partition, Source

if TYPE_CHECKING:
    from mapper_tasks.model.job import Job


def spooled_job(job: Job, name: str, *, with_rejected: bool = False) -> Job:
    """Load the same target from the spool of this name, in the order that the source had.

    A row of the spool without a number is only the key of a rejected one; `with_rejected` reads
    those as well.
    """
    limit = "" if with_rejected else " WHERE mp_rid IS NOT NULL"
    given = job.target
    target = given.model_copy(
        update={
            "columns": {
                column: ColumnRule(source=column, scd=rule.scd)
                for column, rule in given.columns.items()
            },
            "effective_from": None if given.effective_from is None else "mp_eff",
            "delete_when": None if given.delete_when is None else "mp_del",
        }
    )
    cut = job.parallel_config.model_copy(update={"partition": Partition.RANGE})
    return job.model_copy(
        update={
            "source": Source(
                connection=given.connection,
                query=f"SELECT * FROM {name}{limit}",  # noqa: S608 - a name of our own making
            ),
            "target": target,
            "transform": None,
            "checkpoint_config": CheckpointConfig(enabled=False, columns=("mp_rid",)),
            "parallel_config": cut,
        }
    )
