"""The bench of the roads still runs, and finds the bad rows that it spoils."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from bench.roads import measure


def test_the_bench_of_the_roads_runs(postgres):
    shown = Console(file=StringIO(), width=100)
    measure(200, (1, 10), 1, shown, postgres)
    assert "SameDatabase" in shown.file.getvalue()
