"""A run drawn: every chunk in a lane of its worker, in a page that fetches nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from mapper_tasks.cli.report import page
from mapper_tasks.model.job import Job
from mapper_tasks.model.run import Chunk, Run
from mapper_tasks.model.slices import Slice
from mapper_tasks.model.status import ChunkStatus, RunStatus
from mapper_tasks.model.tally import Tally

BEGUN = datetime(2024, 5, 6, tzinfo=UTC)
JOB = Job.read(
    {
        "mapref": "DIM",
        "source": {"connection": "a", "table": "a"},
        "target": {"connection": "a", "table": "b", "business_key": ["k"], "columns": {"k": "k"}},
    }
)


def after(seconds):
    return BEGUN + timedelta(seconds=seconds)


def chunk(number, worker, begin, end, **more):
    words = {"status": ChunkStatus.APPLIED, "seconds": {"stage": 0.5, "apply": 0.25}, **more}
    times = {"strtdt": after(begin), "enddt": after(end)}
    return Chunk(1, number, Slice(), worker=worker, tally=Tally(source=10), **words, **times)


def drawn(*chunks):
    run = Run(1, JOB, RunStatus.SUCCESS, strtdt=BEGUN, enddt=after(4), chunks=len(chunks))
    return page(run, chunks)


def svg(html):
    return ET.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL)[0])


def test_chunks_that_overlap_lie_in_lanes_of_their_own():
    html = drawn(
        chunk(1, "worker@one", 0, 2),
        chunk(2, "worker@one", 1, 3),
        chunk(3, "worker@one", 2, 4),
        chunk(4, "worker@two", 0, 4),
    )
    frames = [group.find("rect") for group in svg(html).iter("g")]

    tops = [int(frame.get("y")) for frame in frames]
    assert tops[0] == tops[2]
    assert len({tops[0], tops[1], tops[3]}) == 3
    assert float(frames[1].get("x")) > float(frames[0].get("x"))


def test_the_page_shows_what_went_wrong_and_escapes_it():
    failed = chunk(1, "worker@one", 0, 1, status=ChunkStatus.FAILED, attempt=3, error="<b> & co")

    html = drawn(failed, chunk(2, "worker@one", 1, 2))

    assert "&lt;b&gt; &amp; co" in html
    assert "<b> & co" not in html
    assert "tried again or failed" in html


def test_the_page_fetches_nothing_and_runs_no_script():
    html = drawn(chunk(1, "worker@one", 0, 1))

    assert not re.search(r"<script|https?://|src=|@import|url\(", html)


def test_a_run_without_any_chunk_is_a_page_too():
    assert "No chunk was begun" in drawn()
