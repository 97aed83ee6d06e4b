"""`mapper report`: what ran where and when, drawn, in one HTML file that needs no network."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapper_tasks.cli.drawing import PHASES, drawing
from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.cli.site import open_site
from mapper_tasks.cli.tables import count, rate, seconds, workers_of
from mapper_tasks.model.errors import UnreadableJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapper_tasks.model.run import Chunk, Run

STYLE = """
:root { color-scheme: light dark; --paper: #fbfbfa; --ink: #1d2330; --faint: #6b7280;
  --line: #e3e5e9; --spool: #9467bd; --stage: #4c86c6; --apply: #2f9e78; --record: #d9a441;
  --commit: #c65d4c; --idle: #c9ced6; --bad: #c0392b; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --ink: #e6e8ec; --faint: #949cab;
  --line: #2b313b; --stage: #5b9bdf; --apply: #3fb98f; --idle: #4a5260; --bad: #ff6b5e; } }
body { margin: 2rem auto; max-width: 74rem; padding: 0 1rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .3rem 0; } .faint, th { color: var(--faint); font-weight: normal; }
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; margin: 1.2rem 0; }
details { margin-top: 1.5rem; }
.facts b { display: block; color: var(--ink); font-size: 1.25rem; font-weight: 600; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: .2rem 1rem .2rem 0; text-align: left; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; } svg { width: 100%; height: auto; }
svg line { stroke: var(--line); } svg text { fill: var(--ink); font-size: 12px; }
svg .tick { fill: var(--faint); font-size: 10px; } svg rect { fill: var(--idle); }
svg .FAILED { fill: var(--bad); } .bad { color: var(--bad); } .key i { display: inline-block;
  width: .8em; height: .8em; margin: 0 .35em 0 1em; border-radius: 2px; }
""" + "".join(
    f"svg .{phase} {{ fill: var(--{phase}); }} i.{phase} {{ background: var(--{phase}); }}"
    for phase in PHASES
)


@click.command(cls=Command)
@click.argument("prcid", type=int)
@click.option("-o", "--output", required=True, help="The HTML file to write.")
@click.pass_obj
def report(face: Face, prcid: int, output: str) -> None:
    """Draw run PRCID: which worker had which chunk when, and what took how long.

    One HTML file without scripts that needs no network. It shows numbers and names, and no
    value of a row but those that a message of a database holds.

    \b
    Example:
      mapper report 42 -o run.html
    """
    with open_site() as site:
        site.ledger.check()
        run, chunks = site.ledger.run(prcid), site.ledger.chunks(prcid)
    try:
        Path(output).write_text(page(run, chunks), encoding="utf-8")
    except OSError as fault:
        raise UnreadableJob(f"{output}: {fault.strerror}", mend="name another file") from fault
    face.show({"prcid": prcid, "file": output}, f"Run {prcid} is drawn in {output}")


def page(run: Run, chunks: Sequence[Chunk]) -> str:
    """The whole document."""
    title = escape(f"{run.job.mapref}, run {run.prcid}")
    begun = run.strtdt
    drawn = "<p>The run has not begun.</p>" if begun is None else drawing(chunks, begun)
    key = "".join(f'<i class="{phase}"></i>{phase}' for phase in PHASES)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>"
        f"<h1>{title}</h1><p>{escape(run.message)}</p>"
        f'<p class="faint">{escape(_begun(run))}</p>{_facts(run)}'
        f'<h2>Chunks over time</h2><p class="key faint">{key}</p>{drawn}'
        f"<h2>Workers</h2>{_workers(chunks)}{_troubles(chunks)}"
        f"<details><summary>All chunks</summary>{_all(chunks)}</details></body></html>\n"
    )


def _begun(run: Run) -> str:
    reason = "" if run.plan is None else run.plan.reason
    when = "" if run.strtdt is None else f"begun {run.strtdt:%Y-%m-%d %H:%M:%S} UTC"
    return " \u00b7 ".join(part for part in (when, reason) if part)


def _facts(run: Run) -> str:
    tally, taken = run.tally, run.seconds
    pairs = [
        ("status", str(run.status)),
        ("time", seconds(taken)),
        ("rows/s", rate(tally.source, taken)),
        *[(name, count(number)) for name, number in tally.as_dict().items()],
        ("chunks", count(run.chunks)),
    ]
    shown = [f"<span>{name}<b>{escape(value)}</b></span>" for name, value in pairs if value]
    return f'<div class="facts faint">{"".join(shown)}</div>'


def _workers(chunks: Sequence[Chunk]) -> str:
    rows = [
        (
            share.worker,
            *[count(n) for n in (share.chunks, share.tally.source, share.tally.target)],
            *[
                f"{sum(c.seconds.get(phase, 0) for c in chunks if c.worker == share.worker):.1f}"
                for phase in PHASES
            ],
        )
        for share in workers_of(chunks)
    ]
    titles = ("worker", "#chunks", "#rows", "#written", *[f"#{phase} s" for phase in PHASES])
    return _table(titles, rows)


def _troubles(chunks: Iterable[Chunk]) -> str:
    rows = [
        (str(c.chunk_no), str(c.status), c.worker or "", str(c.attempt), c.error or "")
        for c in chunks
        if c.error is not None or c.attempt > 1
    ]
    if not rows:
        return ""
    titles = ("#chunk", "status", "worker", "#attempts", "what happened")
    return f'<h2 class="bad">Chunks that were tried again or failed</h2>{_table(titles, rows)}'


def _all(chunks: Iterable[Chunk]) -> str:
    rows = [
        (
            str(c.chunk_no),
            str(c.status),
            c.worker or "",
            str(c.attempt),
            *[count(number) for number in c.tally.as_dict().values()],
            f"{sum(c.seconds.values()):.2f}",
        )
        for c in chunks
    ]
    counts = ("source", "inserted", "updated", "expired", "unchanged", "rejected")
    titles = ("#chunk", "status", "worker", "#attempt", *[f"#{name}" for name in counts], "#s")
    return _table(titles, rows)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    kinds = [' class="n"' if title.startswith("#") else "" for title in titles]

    def line(tag: str, cells: Sequence[str]) -> str:
        shown = zip(kinds, cells, strict=True)
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in shown)

    head = line("th", [title.removeprefix("#") for title in titles])
    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
