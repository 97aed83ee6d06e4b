"""What a run costs by the number of its chunks: planning, sending, finishing, stopping; memory.

A chunk has few rows, so that what is measured is the machinery and not the load.
"""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import psutil
from crew import Crew, crew, seconds_until
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from mapper_tasks.demo.servers import WorkerNode, worker_node
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.tasks.send import send_finalize
from worker_config.celeryconfig import make_app
from worker_config.settings import Settings

ROWS_A_CHUNK = 5
QUEUE = "chunks"
FIGURES = (
    "plan s",
    "send s",
    "chunk ms",
    "end s",
    "stop s",
    "stopped s",
    "Redis MB",
    "worker MB",
    "callback",
)
KEY = """\
plan: from submit to RUNNING. send: until every message lies in its queue.
chunk: two processes, per chunk. end: from the callback's message to SUCCESS,
all chunks but those worked on being noted as applied. stop: until the command
returns, with all chunks queued. stopped: until the run is STOPPED. Redis:
peak. worker: the largest pool process, after a tenth and at the end.
callback: its bytes in each chunk's message."""


def measure(counts: tuple[int, ...], worked: int, console: Console) -> None:
    """Print a line for each number of chunks, of which so many are worked on."""
    table = Table(box=None, header_style="bold")
    for title in ("chunks", *FIGURES):
        table.add_column(title, justify="right", no_wrap=True)
    for count in counts:
        with crew(count * ROWS_A_CHUNK) as here:
            table.add_row(f"{count:,}", *_figures(here, count, min(worked, count)))
    console.print(table)
    console.print(KEY)


def _figures(here: Crew, count: int, worked: int) -> list[str]:
    with worker_node("control", here.environment, arguments=("-Q", "control")):
        prcid, planned, sent = _begun(here, "LOADED", count)
        size = _callback_bytes(here)
        each, early, late = _worked(here, prcid, worked)
        ended = _ended(here, prcid)
        returned, stopped = _stopped(here, _begun(here, "STOPPED", count)[0])
    run = here.client.status(prcid)
    if run.status is not RunStatus.SUCCESS or run.tally.inserted < worked * ROWS_A_CHUNK:
        raise AssertionError(run.message)
    with here.redis() as broker:
        peak = broker.info("memory")["used_memory_peak"]
    seconds = [f"{planned:.1f}", f"{sent:.1f}", f"{each * 1000:.0f}", f"{ended:.2f}"]
    memory = [f"{peak / 1e6:.0f}", f"{early / 1e6:.0f} {late / 1e6:.0f}"]
    return [*seconds, f"{returned:.2f}", f"{stopped:.2f}", *memory, str(size)]


def _begun(here: Crew, mapref: str, count: int) -> tuple[int, float, float]:
    """A run whose messages all lie in their queue; the seconds of planning and of sending."""
    before = time.monotonic()
    prcid = here.client.submit(here.job(mapref, ROWS_A_CHUNK))
    seconds_until(lambda: here.client.status(prcid).status is not RunStatus.PENDING)
    planned = time.monotonic() - before
    run = here.client.status(prcid)
    if run.chunks < count * 0.9:
        raise AssertionError(f"{run.chunks} chunks: {run.message}")
    with here.redis() as broker:
        sent = seconds_until(lambda: broker.llen(QUEUE) >= run.chunks)
    return prcid, planned, sent


def _worked(here: Crew, prcid: int, worked: int) -> tuple[float, int, int]:
    """Seconds a chunk of two processes; the larger one's memory after a tenth, and at the end."""
    early = late = done = 0
    # Recycled processes would hide that memory grows.
    words = ("-Q", QUEUE, "--max-tasks-per-child", "1000000")
    with worker_node("chunks", here.environment, concurrency=2, arguments=words) as node:
        begun = time.monotonic()
        before = _applied(here, prcid)
        while (done := _applied(here, prcid)) < worked:
            early = _resident(node) if done <= worked // 10 else early
            late = _resident(node)
            time.sleep(0.2)
        taken = time.monotonic() - begun
    return taken / max(done - before, 1), early, late


def _ended(here: Crew, prcid: int) -> float:
    """Seconds that the callback takes to add up the run, once every chunk is noted as applied."""
    engine = create_engine(here.environment["MAPPER_METADATA_URL"])
    with engine.begin() as ledger:
        ledger.execute(
            text("UPDATE dms_prcchunk SET status = 'APPLIED' WHERE prcid = :prcid"),
            {"prcid": prcid},
        )
    engine.dispose()
    with make_app(Settings(broker_url=SecretStr(here.broker.url))) as app:
        begun = time.monotonic()
        send_finalize(app, "LOADED", prcid)
        seconds_until(lambda: here.client.status(prcid).status.final)
        return time.monotonic() - begun


def _stopped(here: Crew, prcid: int) -> tuple[float, float]:
    """Seconds until the command has returned, and until the run is STOPPED."""
    begun = time.monotonic()
    here.client.stop(prcid)
    returned = time.monotonic() - begun
    here.client.wait(prcid, timeout=600)
    return returned, time.monotonic() - begun


def _applied(here: Crew, prcid: int) -> int:
    return here.ledger.progress(prcid).chunks[ChunkStatus.APPLIED]


def _resident(node: WorkerNode) -> int:
    try:
        return max(child.memory_info().rss for child in psutil.Process(node.pid).children())
    except (ValueError, psutil.Error):
        return 0


def _callback_bytes(here: Crew) -> int:
    with here.redis() as broker:
        raw: Any = broker.lindex(QUEUE, 0)
    body = json.loads(base64.b64decode(json.loads(raw)["body"]))
    return len(json.dumps(body[2]["chord"]))
