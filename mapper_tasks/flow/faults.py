"""What a fault means for the run: try again, or write down in words that betray no value."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mapper_tasks.model.errors import DatabaseUnreachable, MapperError, StatementFailed

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job


def pause_after(attempt: int) -> float:
    """Seconds to wait after the attempt of this number, from 1: 2, 4, 8, 16, then always 20.

    Shorter than rescue's grace, which would not wait longer.
    """
    return min(2.0**attempt, 20.0)


def is_passing(site: Site, job: Job, fault: BaseException) -> bool:
    """Whether the same work may succeed later, without anybody mending anything."""
    if isinstance(fault, DatabaseUnreachable):
        return True
    if not isinstance(fault, SQLAlchemyError):
        return False
    if site.ledger.is_passing(fault):
        return True
    names = (job.source.connection, job.target.connection)
    return any(site.databases(name).is_passing(fault) for name in names)


def in_words(site: Site, job: Job, fault: BaseException) -> str:
    """The fault as the ledger keeps it: code, message and mend.

    Of an unexpected fault only class and place are told: its text may hold values of rows.
    """
    if isinstance(fault, DBAPIError):
        fault = StatementFailed(site.databases(job.target.connection).message(fault))
    if isinstance(fault, MapperError):
        return str(fault)
    return f"unexpected {type(fault).__name__} {_place(fault)}".rstrip()


def code_of(fault: BaseException) -> str:
    """The fault in one word, for the log."""
    return fault.code if isinstance(fault, MapperError) else type(fault).__name__


def _place(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return f"at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
