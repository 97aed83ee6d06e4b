"""What a fault means for the run: try again, or write down in words that betray no value."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from mapper_tasks.dialects import passing
from mapper_tasks.model.errors import DatabaseUnreachable, MapperError, StatementFailed

if TYPE_CHECKING:
    from mapper_tasks.flow.site import Site
    from mapper_tasks.model.job import Job


def is_passing(fault: BaseException) -> bool:
    """Whether the same work may succeed later, without anybody mending anything.

    The one place that asks the databases' tables, for source, target and ledger alike.
    """
    if isinstance(fault, DatabaseUnreachable) and fault.__context__ is not None:
        fault = fault.__context__
    return passing(fault) is not None


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
