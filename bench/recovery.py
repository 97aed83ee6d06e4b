"""How long a run takes to get over what breaks, with the settings of real life.

Each figure is the time from the break to the run's end, of a run that would end at once.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import psutil
from crew import Crew, crew, seconds_until
from rich.console import Console
from rich.table import Table

from mapper_tasks.demo.children import start
from mapper_tasks.demo.servers import WorkerNode, worker_node
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk
from mapper_tasks.model.status import ChunkStatus, RunStatus

ROWS, CHUNK = 1200, 300
OUTAGE = 60.0
QUERY = "SELECT * FROM feed WHERE braked(id)"
BRAKE = """
CREATE FUNCTION braked(n bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF n = 1 AND (
        pg_current_xact_id_if_assigned() IS NOT NULL OR current_query() LIKE 'COPY%'
    ) THEN PERFORM pg_sleep((SELECT seconds FROM brake)); END IF;
    RETURN true;
END $$
"""
SLEEPERS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
NODES = ("one", "two")


class Bench:
    """A crew whose first chunk can be held up, and its workers."""

    def __init__(self, here: Crew, nodes: dict[str, WorkerNode]) -> None:
        self.here, self.nodes = here, nodes

    def hold(self, seconds: float) -> None:
        self.here.run(f"UPDATE brake SET seconds = {seconds}")

    def sleeps(self) -> bool:
        with self.here.shop.reading() as reader:
            return bool(reader.exec_driver_sql(SLEEPERS).scalar_one())

    def begun(self, mapref: str, chunk: int = CHUNK) -> int:
        """A run whose first chunk is in a long statement, the others applied."""
        self.hold(600)
        prcid = self.here.client.submit(self._job(mapref, chunk))
        seconds_until(lambda: self._held(prcid) is not None, 120)
        seconds_until(self.sleeps, 60)
        return prcid

    def unsent(self, mapref: str) -> int:
        return submit(self.here.client._site, Job.read(self._job(mapref, CHUNK)))  # noqa: SLF001

    def holder(self, prcid: int) -> WorkerNode:
        held = self._held(prcid)
        if held is None or held.worker is None:
            raise AssertionError(f"no chunk of run {prcid} is at work")
        return self.nodes[held.worker]

    def _job(self, mapref: str, chunk: int) -> dict[str, object]:
        job = self.here.job(mapref, chunk)
        job["source"] = {"connection": "shop", "query": QUERY}
        return job

    def _held(self, prcid: int) -> Chunk | None:
        open_ = [c for c in self.here.ledger.chunks(prcid) if c.status is not ChunkStatus.APPLIED]
        at_work = [chunk for chunk in open_ if chunk.status is ChunkStatus.RUNNING]
        return at_work[0] if len(open_) == len(at_work) == 1 else None

    def over(self, prcid: int) -> float:
        """Seconds from now to the run's end, which must be a good one."""
        begun = time.monotonic()
        run = self.here.client.wait(prcid, timeout=300)
        if run.status is not RunStatus.SUCCESS or run.tally.inserted != ROWS:
            raise AssertionError(f"{run.status}: {run.message}")
        return time.monotonic() - begun


@contextmanager
def opened() -> Iterator[Bench]:
    with crew(ROWS) as here, ExitStack() as stack:
        here.run("CREATE TABLE brake AS SELECT 0.0::float AS seconds", BRAKE)
        words = ("-Q", "control,celery")
        stack.enter_context(worker_node("control", here.environment, arguments=words))
        nodes = {}
        for name in NODES:
            words = ("-Q", "chunks")
            node = stack.enter_context(worker_node(name, here.environment, arguments=words))
            nodes[node.name] = node
        yield Bench(here, nodes)


# ---- what breaks


def child_killed(bench: Bench) -> float:
    prcid = bench.begun("CHILD")
    bench.hold(0)
    for child in psutil.Process(bench.holder(prcid).pid).children():
        child.kill()
    return bench.over(prcid)


def first_message_lost(bench: Bench) -> float:
    bench.hold(0)
    return bench.over(bench.unsent("UNSENT"))


def broker_wiped(bench: Bench) -> float:
    bench.hold(0)
    prcid = bench.here.client.submit(bench._job("WIPED", 20))  # noqa: SLF001
    seconds_until(lambda: any(c.task_id for c in bench.here.ledger.chunks(prcid)), 60)
    with bench.here.redis() as broker:
        broker.flushall()
    return bench.over(prcid)


def broker_away(bench: Bench) -> float:
    """The server is gone with its data, and comes back empty on the same port."""
    bench.hold(0)
    prcid = bench.here.client.submit(bench._job("AWAY", 20))  # noqa: SLF001
    seconds_until(lambda: any(c.task_id for c in bench.here.ledger.chunks(prcid)), 60)
    gone = bench.here.broker.child
    assert gone is not None
    gone.kill()
    time.sleep(OUTAGE)
    again = start(gone.name, gone.process.args, gone.log.parent)  # type: ignore[arg-type]
    try:
        return bench.over(prcid)
    finally:
        bench.here.broker.__dict__["child"] = again


def worker_killed(bench: Bench) -> float:
    prcid = bench.begun("KILLED")
    bench.hold(0)
    bench.holder(prcid).child.kill()
    return bench.over(prcid)


BREAKS: dict[str, Callable[[Bench], float]] = {
    "first message lost": first_message_lost,
    "pool process killed in a chunk": child_killed,
    "broker wiped while chunks are queued": broker_wiped,
    "whole worker killed in a chunk": worker_killed,
}


def stops(bench: Bench, times: int) -> tuple[list[float], list[float]]:
    """Seconds from `stop --now` to the end of the long statement, and to that of the run."""
    prcid = bench.begun("NOW")
    statement, run = [], []
    for number in range(times):
        begun = time.monotonic()
        bench.here.client.stop(prcid, now=True)
        seconds_until(lambda: not bench.sleeps(), 60)
        statement.append(time.monotonic() - begun)
        bench.here.client.wait(prcid, timeout=60)
        run.append(time.monotonic() - begun)
        if number < times - 1:
            bench.here.client.resume(prcid)
            seconds_until(bench.sleeps, 60)
    return statement, run


def starts_after_a_stop(bench: Bench, times: int) -> int:
    """How many chunks began after `stop` without `now` had returned."""
    late = 0
    for number in range(times):
        bench.hold(0)
        prcid = bench.here.client.submit(bench._job(f"LATE{number}", 20))  # noqa: SLF001
        seconds_until(lambda prcid=prcid: bench.here.client.status(prcid).tally.source, 60)  # type: ignore[misc]
        bench.here.client.stop(prcid)
        begun = {c.chunk_no for c in bench.here.ledger.chunks(prcid) if c.attempt}
        bench.here.client.wait(prcid, timeout=60)
        time.sleep(1)
        late += len({c.chunk_no for c in bench.here.ledger.chunks(prcid) if c.attempt} - begun)
    return late


def measure(times: int, console: Console) -> None:
    table = Table("what", "times", "median s", "most s", box=None, header_style="bold")
    with opened() as bench:
        statement, run = stops(bench, times)
        _row(table, "stop --now: the statement is over", statement)
        _row(table, "stop --now: the run is STOPPED", run)
        late = starts_after_a_stop(bench, times)
        table.add_row("stop: chunks that began after it returned", str(times), str(late), str(late))
        for what, broken in BREAKS.items():
            console.print(what, style="dim")
            _row(table, what, [broken(bench)])
    with opened() as bench:
        what = f"broker away for {OUTAGE:g} s, and its data lost"
        console.print(what, style="dim")
        _row(table, f"{what}: after it is back", [broker_away(bench)])
    console.print(table)


def _row(table: Table, what: str, seconds: list[float]) -> None:
    middle, most = statistics.median(seconds), max(seconds)
    table.add_row(what, str(len(seconds)), f"{middle:.1f}", f"{most:.1f}")
