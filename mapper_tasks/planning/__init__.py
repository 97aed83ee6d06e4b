"""From a job to its plan: how many rows, whether in parallel, cut where, read how far."""

from mapper_tasks.planning.decide import ParallelDefaults, settle
from mapper_tasks.planning.plan import (
    make_plan,
    make_plan_of_spool,
    reach_now,
    refuse_partition,
    to_be_spooled,
)
from mapper_tasks.planning.replayed import make_plan_of_keys, refuse_keys_of_python
from mapper_tasks.planning.show import chunk_sql
from mapper_tasks.planning.walk import loaded_so_far, slices_to_read

__all__ = [
    "ParallelDefaults",
    "chunk_sql",
    "loaded_so_far",
    "make_plan",
    "make_plan_of_keys",
    "make_plan_of_spool",
    "reach_now",
    "refuse_keys_of_python",
    "refuse_partition",
    "settle",
    "slices_to_read",
    "to_be_spooled",
]
