"""Reading the source and the target side by side."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from mapper_tasks.dialects import Database


@contextmanager
def reading_both(
    source: Database, target: Database, moment: str | None = None
) -> Iterator[tuple[Connection, Connection]]:
    """A reader of each side, the source's at `moment`; two names of one database share one.

    On SQLite a second reader would wait for a writer that waits for the first one to end.
    """
    with source.reading_as_of(moment) as reader:
        if source.engine.url == target.engine.url:
            yield reader, reader
            return
        with target.reading() as other:
            yield reader, other
