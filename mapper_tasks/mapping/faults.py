"""Several faults of one job, reported together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapper_tasks.model.errors import JobError


def raise_together(faults: Iterable[JobError]) -> None:
    """Raise the first fault with the messages of all, each with its code; none: do nothing."""
    found = list(faults)
    if not found:
        return
    first, others = found[0], found[1:]
    told = [first.message, *[f"{fault.code}: {fault.message}" for fault in others]]
    raise type(first)("; ".join(told), mend=first.remedy)
