"""A history loaded for real, and what came of it held against the rules, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mapper_tasks.model.job import Job
from mapper_tasks.model.slices import slices_of_hash
from tests.rules import driver, model
from tests.rules.driver import Place
from tests.rules.histories import Batch, History, day
from tests.rules.model import Row, Rules, Version

WRITES = ("inserted", "updated", "expired")


def judge(place: Place, history: History, open_end: str | None) -> None:
    """Every batch gives the table that the rules say, and once more nothing."""
    job = driver.job_of(history.rules, compound=history.compound, open_end=open_end)
    place.empty(job)
    for batch in history.batches:
        rows = in_source_order(batch, history.rules)
        place.feed(rows)
        before, raw_before = place.table(job), place.raw(job)
        expected = model.load(history.rules, before, rows, batch.at)
        done = place.load(job, batch.at, batch.cuts)
        after, raw_after = place.table(job), place.raw(job)
        assert shown(after, before) == shown(expected.table, before)
        assert sorted(map(str, done.errors)) == sorted(
            str((driver.as_text(key), code)) for key, code in expected.errors
        )
        assert done.tally == expected.tally
        if job.target.versioned:
            assert model.broken(after) == []
        assert untouched(before, expected.table, raw_before) <= set(raw_after)
        rerun_writes_nothing(place, job, batch, raw_after)


def judge_hashed(place: Place, history: History, count: int) -> None:
    """The same, in slices of a hash of the key."""
    job = driver.job_of(history.rules, compound=history.compound)
    place.empty(job)
    for batch in history.batches:
        rows = in_source_order(batch, history.rules)
        place.feed(rows)
        before = place.table(job)
        expected = model.load(history.rules, before, rows, batch.at)
        done = place.load_in(job, batch.at, slices_of_hash(count))
        assert shown(place.table(job), before) == shown(expected.table, before)
        assert done.tally == expected.tally


def judge_spooled(place: Place, history: History) -> None:
    """The same, from a spool."""
    job = driver.job_of(history.rules, compound=history.compound)
    place.empty(job)
    for batch in history.batches:
        rows = in_source_order(batch, history.rules)
        place.feed(rows)
        before = place.table(job)
        expected = model.load(history.rules, before, rows, batch.at)
        done = place.load_spooled(job, batch.at, batch.cuts)
        assert shown(place.table(job), before) == shown(expected.table, before)
        assert sorted(map(str, done.errors)) == sorted(
            str((driver.as_text(key), code)) for key, code in expected.errors
        )
        assert done.tally == expected.tally


def judge_stream(place: Place, stream: tuple[list[list[Row]], list[list[Row]]]) -> None:
    """One stream gives one table, in order and not, in one batch and in several."""
    job = driver.job_of(Rules())
    tables = []
    for batches in stream:
        place.empty(job)
        for rows in batches:
            place.feed(rows)
            place.load(job, day(12), [(2,)])
        tables.append(shown(place.table(job)))
    assert tables[0] == tables[1]


def rerun_writes_nothing(place: Place, job: Job, batch: Batch, raw: list[tuple]) -> None:
    again = place.load(job, batch.at, batch.cuts)
    assert place.raw(job) == raw
    assert {name: again.tally[name] for name in WRITES} == dict.fromkeys(WRITES, 0)
    assert again.tally["unchanged"] == again.tally["source"] - again.tally["rejected"]


def in_source_order(batch: Batch, rules: Rules) -> list[Row]:
    """The rows with their checkpoint columns, `ranking` and `place`.

    Where these do not decide between rows of one time, they are in the order of the source: which
    of two rows that make no difference is the first is then the same for all readers.
    """
    rows = [replace(row, order=(*row.order, place)) for place, row in enumerate(batch.rows)]
    return rows if rules.last_duplicate else sorted(rows, key=lambda row: row.order)


def shown(table: list[Version], stood: Iterable[Version] = ()) -> list[str]:
    """A table to compare and to read. Rows that stood before keep their surrogate keys."""
    known = {version.skey for version in stood}
    return sorted(
        f"{version.key} {sorted(version.values.items())} "
        f"[{version.fromdt:%d},{'' if version.todt is None else f'{version.todt:%d}'})"
        f" {version.skey if version.skey in known else 'new'}"
        for version in table
    )


def untouched(before: list[Version], after: list[Version], raw: list[tuple]) -> set[tuple]:
    """The rows that the rules leave as they are: surrogate key, digest and record times too."""
    stood = {version.skey: version for version in before}
    same = {v.skey for v in after if v.skey is not None and stood[v.skey] == v}
    return {row for row in raw if row[0] in same}
