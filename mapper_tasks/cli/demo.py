"""`mapper demo`: the whole thing on this machine, from nothing, in about a minute."""

from __future__ import annotations

from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from mapper_tasks.cli.bar import watching
from mapper_tasks.cli.following import follow
from mapper_tasks.cli.frame import Command, Exit, Face
from mapper_tasks.cli.jobfile import read_job
from mapper_tasks.cli.tables import (
    count,
    listing,
    rate,
    run_as_json,
    workers_of,
)
from mapper_tasks.cli.verify import audit_as_json, audit_table, audit_title
from mapper_tasks.etl.verify import Audit, audit
from mapper_tasks.model import clock
from mapper_tasks.model.status import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from mapper_tasks.demo.place import Place
    from mapper_tasks.demo.tour import Loaded
    from mapper_tasks.model.job import Job
    from mapper_tasks.model.run import Run

ROWS = 1_000_000
TITLE_WIDTH = 19

OWN_DATABASES = """\
With your own databases (in a checkout, `. .venv/bin/activate` puts both programs on the path):
  export MAPPER_BROKER_URL=redis://HOST:6379/0
  export MAPPER_METADATA_URL=postgresql+psycopg://USER:PASSWORD@HOST/DATABASE
  export MAPPER_CONNECTIONS__FEEDS=postgresql+psycopg://...       # the names that jobs use
  export MAPPER_CONNECTIONS__WAREHOUSE=postgresql+psycopg://...
  mapper init                                # the ledger's tables, once
  celery -A worker_config worker             # on every machine that is to help
  mapper run examples/jobs/customers.yaml    # or a job of yours"""


@click.command(cls=Command)
@click.option(
    "--rows", default=ROWS, show_default=True, type=click.IntRange(100), help="Customers."
)
@click.option("--keep", is_flag=True, help="Leave everything running until Ctrl-C.")
@click.pass_context
def demo(ctx: click.Context, rows: int, keep: bool) -> None:
    """See it work: own servers, real history, a million rows.

    Starts PostgreSQL, a broker, two worker nodes and Flower on free ports of this machine, loads
    four releases of a list of the world's airports as history, then generated customers and the
    day after. Nothing of it is left behind.

    \b
    Examples:
      mapper demo
      mapper demo --keep
      mapper demo --rows 100000 --json
    """
    from mapper_tasks.demo.place import open_place
    from mapper_tasks.demo.servers import orderly_exit

    face: Face = ctx.obj
    began = clock.monotonic()
    with orderly_exit(), open_place(face.say) as place:
        story = Story(face, place)
        story.tell(rows)
        story.close(clock.monotonic() - began, keep=keep)
        if keep:
            with suppress(KeyboardInterrupt):
                Event().wait()
    ctx.exit(Exit.DONE if story.went_well else Exit.FAILED)


class Story:
    """The tour as a person sees it, and what it came to."""

    def __init__(self, face: Face, place: Place) -> None:
        from mapper_tasks.demo.feeds import EXAMPLES

        self._face, self._place = face, place
        self._jobs = [
            read_job(str(EXAMPLES / "jobs" / f"{name}.yaml")) for name in ("airports", "customers")
        ]
        self._loaded: list[Loaded] = []
        self._audits: list[Audit] = []
        self._versions: list[dict[str, Any]] = []

    @property
    def went_well(self) -> bool:
        runs = [loaded.run for loaded in self._loaded]
        return all(run.status is RunStatus.SUCCESS for run in runs) and all(
            found.kept for found in self._audits
        )

    def tell(self, rows: int) -> None:
        """Load everything, showing how it goes; stops at a run that does not succeed."""
        from mapper_tasks.demo import tour

        place, (airports, customers) = self._place, self._jobs
        flower = place.flower
        self._say("Watch the workers in Flower:", f"{flower.url}  ({_login(place)})")
        self._head("Real history: four releases of a list of the world's airports")
        if not self._all_well(tour.airports(place, airports, self._load)):
            return
        self._versions = tour.shown_versions(place)
        self._show(versions_table(self._versions))
        self._head("Many rows: generated customers, and the day after")
        day = tour.customers(place, customers, rows, self._load, self._face.say)
        if self._all_well(day):
            self._head("Is it right? What `mapper verify` finds in both tables")
            self._audits = [audit(job, place.warehouse) for job in self._jobs]
            for found in self._audits:
                self._show(audit_title(found), audit_table(found))

    def _all_well(self, runs: Iterator[Loaded]) -> bool:
        for loaded in runs:
            self._loaded.append(loaded)
            if loaded.run.status is not RunStatus.SUCCESS:
                self._face.say(f"{loaded.title}: {loaded.run.status}: {loaded.run.message}")
                return False
        return True

    def _load(self, title: str, job: Job) -> Run:
        client = self._place.client
        with watching(self._face, f"{title:{TITLE_WIDTH}}") as watch:
            return follow(client, client.submit(job), watch)

    def close(self, taken: float, *, keep: bool) -> None:
        """What happened, and what to do next."""
        self._head("What happened")
        self._face.show(self._as_json(taken, keep=keep), loads_table(self._loaded))
        self._say(f"\nAll of it took {taken:.0f} s, the servers' start included.")
        if keep:
            self._say(
                f"\nIt is still there. Flower: {self._place.flower.url} ({_login(self._place)})"
            )
            self._say("In another shell:")
            for name, value in self._place.environment.items():
                self._say(f"  export {name}={value}")
            self._say("  mapper status\nCtrl-C here ends it.\n")
        else:
            self._say("The servers are gone again; `mapper demo --keep` leaves them running.\n")
        self._say(OWN_DATABASES)

    def _as_json(self, taken: float, *, keep: bool) -> dict[str, Any]:
        return {
            "ok": self.went_well,
            "seconds": round(taken, 1),
            "runs": [loaded_as_json(loaded) for loaded in self._loaded],
            "airports": self._versions,
            "verify": [audit_as_json(found) for found in self._audits],
            **(self._what_is_left() if keep else {}),
        }

    def _what_is_left(self) -> dict[str, Any]:
        flower = self._place.flower
        login = {"url": flower.url, "user": flower.user, "password": flower.password}
        return {"flower": login, "environment": dict(self._place.environment)}

    def _head(self, words: str) -> None:
        self._show("", Text(words, style="bold"))

    def _say(self, *lines: str) -> None:
        self._show(*[Text(line) for line in lines])

    def _show(self, *parts: str | Text | Table) -> None:
        """To a person only: with --json, stdout is for the result."""
        if not self._face.json:
            for part in parts:
                self._face.out.print(part, soft_wrap=isinstance(part, (str, Text)))


def _login(place: Place) -> str:
    return f"user {place.flower.user}, password {place.flower.password}"


def versions_table(versions: list[dict[str, Any]]) -> Table:
    table = listing("icao", "iata", "name", "#feet", "where", "from", "to", "current")
    for row in versions:
        table.add_row(
            *[Text(str(row[name] or "")) for name in ("icao", "iata", "name")],
            f"{row['elevation_ft']:,.0f}",
            f"{row['latitude']:.4f} {row['longitude']:.4f}",
            f"{row['fromdt']:%Y-%m-%d}",
            f"{row['todt']:%Y-%m-%d}",
            row["curflg"],
        )
    return table


def loads_table(loads: list[Loaded]) -> Table:
    """Within 80 columns, whatever the numbers: a worker's chunks stand in a column of its own."""
    workers = sorted({share.worker for loaded in loads for share in workers_of(loaded.chunks)})
    titles = ("#rows", "#inserted", "#versions", "#s", "#rows/s")
    table = listing("loaded", *titles, *[f"#{_short(worker)}" for worker in workers])
    for loaded in loads:
        tally, taken = loaded.run.tally, loaded.run.seconds
        chunks = {share.worker: share.chunks for share in workers_of(loaded.chunks)}
        table.add_row(
            Text(loaded.title, no_wrap=True),
            *[count(n) for n in (tally.source, tally.inserted, loaded.versions)],
            f"{taken or 0:.1f}",
            rate(tally.source, taken),
            *[count(chunks.get(worker)) for worker in workers],
        )
    return table


def _short(worker: str) -> str:
    return worker.removeprefix("worker@")


def loaded_as_json(loaded: Loaded) -> dict[str, Any]:
    tally, taken = loaded.run.tally, loaded.run.seconds
    return {
        "title": loaded.title,
        "mapref": loaded.run.job.mapref,
        **run_as_json(loaded.run),
        "versions": loaded.versions,
        "rows_per_second": round(tally.source / taken) if taken else None,
        "chunks_by_worker": {share.worker: share.chunks for share in workers_of(loaded.chunks)},
    }
