"""Checkpoints: how far a job has read its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from mapper_tasks.ledger.tables import prclog
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection


def checkpoint(connection: Connection, mapref: str) -> str | None:
    """What the job's newest SUCCESS run reached.

    A run that kept no checkpoint leaves none: the next one reads everything, which is never
    wrong.
    """
    return connection.scalar(
        select(prclog.c.param1)
        .where(prclog.c.mapref == mapref, prclog.c.status == RunStatus.SUCCESS)
        .order_by(prclog.c.prcid.desc())
        .limit(1)
    )
