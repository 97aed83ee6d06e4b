"""The demo's story: real history release by release, then many rows and the day after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from mapper_tasks.demo.feeds import RELEASES, make_customers, next_day, take_release
from mapper_tasks.demo.place import Place
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk, Run

SHOWN_AIRPORTS = ("EDDB", "ID06", "KISN")
CHUNKS, MOST_ROWS_A_CHUNK = 20, 50_000

_VERSIONS = """
    SELECT icao, iata, name, elevation_ft, latitude, longitude, fromdt, todt, curflg
    FROM dim_airport
    WHERE icao = ANY(:shown) ORDER BY icao, fromdt
"""

# Has the workers load the job, shown under a title, and gives the run as it ended.
Load = Callable[[str, Job], Run]


@dataclass(frozen=True)
class Loaded:
    """One run of the tour: what was loaded, the run as it ended, and the table after it."""

    title: str
    run: Run
    chunks: list[Chunk]
    versions: int


def airports(place: Place, job: Job, load: Load) -> Iterator[Loaded]:
    """Each release in turn, its changes dated with the day it came out."""
    for release in RELEASES:
        take_release(place.feeds, release)
        title = f"airports {release.moment:%Y-%m-%d}"
        yield _loaded(place, title, load(title, effective_at(job, release.moment)))


def customers(
    place: Place, job: Job, rows: int, load: Load, tell: Callable[[str], None]
) -> Iterator[Loaded]:
    """Generated customers, and the day after: a tenth has changed, a fiftieth is new."""
    job = in_chunks_of(job, max(1, min(MOST_ROWS_A_CHUNK, rows // CHUNKS)))
    tell(f"generating {rows:,} customers")
    make_customers(place.feeds, rows)
    title = f"{rows:,} customers"
    yield _loaded(place, title, load(title, job))
    tell("changing 10 % of them, adding 2 %")
    next_day(place.feeds, rows)
    title = "the day after"
    yield _loaded(place, title, load(title, job))


def effective_at(job: Job, moment: datetime) -> Job:
    """The same job for a back-load: what it changes counts from `moment`."""
    target = job.target.model_copy(update={"effective_at": moment})
    return job.model_copy(update={"target": target})


def in_chunks_of(job: Job, rows: int) -> Job:
    """The same job, cut so that also a small table keeps both workers busy."""
    cut = {"chunk_size": rows, "min_rows_for_parallel": 0}
    parallel = job.parallel_config.model_copy(update=cut)
    return job.model_copy(update={"parallel_config": parallel})


def shown_versions(place: Place) -> list[dict[str, Any]]:
    """The history of a few airports: one that moved, one that came back, one that closed."""
    with place.warehouse.reading() as reader:
        rows = reader.execute(text(_VERSIONS), {"shown": list(SHOWN_AIRPORTS)})
        return [dict(row) for row in rows.mappings()]


def _loaded(place: Place, title: str, run: Run) -> Loaded:
    table = run.job.target.table
    with place.warehouse.reading() as reader:
        counted = reader.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own job
        versions = int(counted.scalar_one())
    return Loaded(title, run, place.ledger.chunks(run.prcid), versions)
