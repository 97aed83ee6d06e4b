"""Random histories through the real thing: the SQL must say what the rules say.

A history is a job and batches of rows, in any order, cut into any chunks. After every batch the
target is compared with the plain statement of the rules (tests/rules/model.py), row for row, and
a rerun of the batch must write nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper_tasks.model.slices import slices_of_hash
from tests.rules import driver, model
from tests.rules.histories import Batch, day, histories, streams
from tests.rules.model import Row, Rules, Version

SERVERS = {"postgresql": "postgres", "mariadb": "mariadb"}
WRITES = ("inserted", "updated", "expired")


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mariadb"])
def place(request, tmp_path_factory) -> Iterator[driver.Place]:
    """The source and the target: two SQLite files, or one database of a server."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("rules")
        found = driver.place_of(f"sqlite:///{folder}/source.db", f"sqlite:///{folder}/target.db")
        yield found
        found.close()
        return
    with request.getfixturevalue(SERVERS[request.param]).fresh_database() as url:
        found = driver.place_of(url, url)
        yield found
        found.close()


@given(history=histories(), open_end=st.sampled_from(["9999-12-31", None]))
def test_the_sql_says_what_the_rules_say(place, history, open_end):
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


@given(history=histories(), count=st.integers(2, 4))
@settings(max_examples=25)
def test_slices_of_a_hash_give_the_same_table(place, history, count):
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


@given(history=histories())
@settings(max_examples=25)
def test_chunks_that_read_a_spool_give_the_same_table(place, history):
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


def rerun_writes_nothing(place, job, batch, raw) -> None:
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


@given(stream=streams())
@settings(max_examples=15)
def test_one_stream_gives_one_table_however_it_is_delivered(place, stream):
    job = driver.job_of(Rules())
    tables = []
    for batches in stream:
        place.empty(job)
        for rows in batches:
            place.feed(rows)
            place.load(job, day(12), [(2,)])
        tables.append(shown(place.table(job)))
    assert tables[0] == tables[1]
