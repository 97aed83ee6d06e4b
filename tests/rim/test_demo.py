"""The demo, small, and its real history against a brute-force count."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mapper_tasks.demo.feeds import RELEASES
from tests.rim.terminal import Terminal

ROWS = 2_000
NUMBERS = ("elevation", "lat", "lon")
Airports = dict[str, tuple[Any, ...]]


def airports_of(path: Path) -> Airports:
    """ICAO code -> values, as the typed columns hold them."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return {row["icao"]: _typed(row) for row in csv.DictReader(lines)}


def _typed(row: dict[str, str]) -> tuple[Any, ...]:
    return tuple(
        None if value == "" else Decimal(value) if name in NUMBERS else value
        for name, value in row.items()
    )


def brute_force() -> list[tuple[int, int]]:
    """(inserted, expired) of each release, by comparing it with the one before."""
    counts, before = [], {}
    for release in RELEASES:
        now = airports_of(release.file)
        changed = sum(1 for code in now.keys() & before.keys() if now[code] != before[code])
        new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
        counts.append((changed + new, changed + gone))
        before = now
    return counts


@pytest.mark.slow
def test_the_demo_tells_its_story_and_leaves_every_promise_kept(tmp_path: Path) -> None:
    answer = Terminal(tmp_path).in_own_process("demo", "--rows", str(ROWS), "--json")
    assert answer.code == 0, answer.err
    told = answer.result
    assert told["ok"]
    *releases, first, second = told["runs"]

    # Values are compared as numbers: as texts, every airport changes in the second release.
    assert [(run["inserted"], run["expired"]) for run in releases] == brute_force()
    assert (releases[1]["inserted"], releases[1]["expired"]) == (21, 17)
    assert releases[-1]["versions"] == sum(inserted for inserted, _ in brute_force())

    assert (first["inserted"], first["versions"]) == (ROWS, ROWS)
    assert (second["inserted"], second["expired"]) == (ROWS * 12 // 100, ROWS // 10)
    assert second["unchanged"] == ROWS * 9 // 10
    for run in (first, second):
        assert set(run["chunks_by_worker"]) == {"worker@one", "worker@two"}

    assert [table["kept"] for table in told["verify"]] == [True, True]
    berlin = [version for version in told["airports"] if version["icao"] == "EDDB"]
    assert [version["iata"] for version in berlin] == ["SXF", "BER", "BER", "BER"]
