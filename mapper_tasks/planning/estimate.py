"""How many source rows a run will read, and how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select

from mapper_tasks.model.run import Estimate

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select

    from mapper_tasks.mapping import Mapping, SourceQuery
    from mapper_tasks.model.run import Window

CHEAP_COST = 300_000  # in the planner's unit: a count of about ten million narrow rows
PATIENCE_SECONDS = 5.0
SAMPLED_ROWS = 1000


def estimate_rows(query: SourceQuery, reader: Connection, window: Window) -> Estimate:
    """Counted where that is cheap, else from statistics, else as the planner guesses.

    The planner can be 30 times wrong behind a condition, so its guess stands only where a count
    would take longer than PATIENCE_SECONDS.
    """
    if window.empty:
        return Estimate(0, "exact")
    if window.take is not None:
        return Estimate(window.take, "exact")
    count = counting(query, window)
    whole = query.database.explain(reader, reading(query, window, literal_column("1")))
    cost = query.database.explain(reader, count).cost
    if whole.counted and whole.rows is not None and (cost or 0) > CHEAP_COST:
        return Estimate(whole.rows, "statistics")
    rows = query.database.count_within(reader, count, PATIENCE_SECONDS)
    if rows is not None:
        return Estimate(rows, "exact")
    return Estimate(whole.rows or 0, "planner")


def row_bytes(mapping: Mapping, reader: Connection, window: Window) -> float:
    """The average bytes of a mapped row, from the first SAMPLED_ROWS of them."""
    query = mapping.source
    columns = [value.label(name) for name, value in mapping.expressions.items()]
    sample = reading(query, window, *columns).limit(SAMPLED_ROWS).subquery("mp_sample")
    mean = select(func.avg(query.database.row_bytes(sample))).select_from(sample)
    return float(reader.execute(mean).scalar_one() or 0)


def counting(query: SourceQuery, window: Window) -> Select[Any]:
    return reading(query, window, func.count())


def reading(query: SourceQuery, window: Window, *values: ColumnElement[Any]) -> Select[Any]:
    """A query of the window's rows."""
    inside = query.in_window(window)
    rows = query.select(*values)
    return rows if inside is None else rows.where(inside)
