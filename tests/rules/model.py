"""The rules of versions, said in plain Python for one key at a time. Slow, and meant to be read.

The set-based SQL of `mapper_tasks.etl.apply` is compared with this. Nothing is imported from
`mapper_tasks`, so that no mistake can be in both. The order below is the order of the rules:
which rows are rejected, how rows and versions of a key become one history, what type 0, type 1
and excluded columns hold in it, and how it is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

Key = tuple[Any, ...]
Values = dict[str, Any]
Moment = Any  # anything with an order: datetimes, or small numbers in hand-made pictures

NULL_KEY, NULL_TIME, DUPLICATE = "MAP-3001", "MAP-3002", "MAP-3003"


@dataclass(frozen=True)
class Rules:
    """What the job says about versions. Columns in none of the three groups are compared."""

    scd_type: int = 2
    dated: bool = True  # the job has effective_from
    keep_first: tuple[str, ...] = ()  # scd 0
    overwritten: tuple[str, ...] = ()  # scd 1, in a type 2 table
    excluded: tuple[str, ...] = ()  # hash_exclude_columns
    expire_missing: bool = False
    last_duplicate: bool = False  # on_duplicate: last
    current_scope: bool = False  # type1_scope: current

    def compared(self, values: Values) -> Values:
        beside = {*self.keep_first, *self.overwritten, *self.excluded}
        return {name: value for name, value in values.items() if name not in beside}


@dataclass(frozen=True)
class Version:
    """A row of the target. `todt` None: open. `skey` only follows a row through a load."""

    key: Key
    values: Values
    fromdt: Moment = None
    todt: Moment = None
    skey: int | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the source, in source order. `order`: its checkpoint columns, for `last`."""

    key: Key
    values: Values
    time: Moment = None
    deleted: bool = False
    order: tuple[Any, ...] = ()


@dataclass
class Outcome:
    table: list[Version]
    errors: list[tuple[Key, str]]
    tally: dict[str, int]


def load(rules: Rules, table: list[Version], rows: list[Row], at: Moment) -> Outcome:
    """The target after one run over `rows`, whose effective time is `at`."""
    arrived, errors = screen(rules, rows, at)
    present = {row.key for row in rows}  # a rejected row is a row: its key is not missing
    stored: dict[Key, list[Version]] = defaultdict(list)
    for version in table:
        stored[version.key].append(version)
    after: list[Version] = []
    counts: Counter[str] = Counter(source=len(rows), rejected=len(errors))
    for key in {**stored, **arrived}:
        absent = rules.expire_missing and key not in present
        load_key = version_key if rules.scd_type == 2 else overwrite_key
        after += load_key(rules, key, stored[key], arrived.get(key, []), at, counts, absent=absent)
    counts["unchanged"] = counts["source"] - sum(
        counts[name] for name in ("rejected", "inserted", "updated", "ended")
    )
    names = ("source", "inserted", "updated", "expired", "unchanged", "rejected")
    return Outcome(after, errors, {name: counts[name] for name in names})


# ---- rows that cannot be loaded


def screen(
    rules: Rules, rows: list[Row], at: Moment
) -> tuple[dict[Key, list[Row]], list[tuple[Key, str]]]:
    """Rows by key, one for each time, in order of time; and the row errors."""
    errors: list[tuple[Key, str]] = []
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if None in row.key:
            errors.append((row.key, NULL_KEY))
        elif rules.dated and row.time is None:
            errors.append((row.key, NULL_TIME))
        else:
            by_key[row.key].append(row if rules.dated else replace(row, time=at))
    for key, alike in list(by_key.items()):
        settled = settle(rules, alike)
        if settled is None:
            errors += [(key, DUPLICATE)] * len(alike)
            del by_key[key]
        else:
            by_key[key] = settled
    return by_key, errors


def settle(rules: Rules, rows: list[Row]) -> list[Row] | None:
    """One row for each time of a key. None: rows of one time differ and nothing orders them."""
    by_time: dict[Moment, list[Row]] = defaultdict(list)
    for row in rows:
        by_time[row.time].append(row)
    settled = []
    for _, same_time in sorted(by_time.items()):
        first, *others = same_time
        if rules.last_duplicate:
            settled.append(last_in_order(same_time))
        elif any(differ(rules, first, other) for other in others):
            return None
        else:
            settled.append(first)
    return settled


def differ(rules: Rules, one: Row, other: Row) -> bool:
    """Whether it makes a difference which of two rows is taken: deletes say all the same."""
    if one.deleted or other.deleted:
        return one.deleted != other.deleted
    return rules.compared(one.values) != rules.compared(other.values) or (
        type1(rules, one) != type1(rules, other)
    )


def last_in_order(rows: list[Row]) -> Row:
    """The last by the checkpoint columns, then in source order."""
    highest = max(row.order for row in rows)
    return [row for row in rows if row.order == highest][-1]


# ---- type 2


@dataclass
class Piece:
    """One version of the history in the making.

    `was` is the version it is in the table; None: it is new, opened by the first row of `run`.
    `run` holds the rows that fell into it because they equal it.
    """

    fromdt: Moment
    values: Values
    was: Version | None = None
    todt: Moment = None
    run: list[Row] = field(default_factory=list)


def version_key(
    rules: Rules,
    key: Key,
    stored: list[Version],
    rows: list[Row],
    at: Moment,
    counts: Counter[str],
    *,
    absent: bool,
) -> list[Version]:
    """The versions of one key after the run."""
    before = sorted(stored, key=lambda version: version.fromdt)
    ends, rows = returned(rules, tombstones(before), rows, at)
    missing = [Row(key, {}, at, deleted=True)] if absent and has_open(before, at) else []
    history = merge(rules, before, ends, [*rows, *missing])
    pieces = history.pieces
    keep_first_values(rules, before, rows, pieces)
    updated = history.updated | overwrite_type1(rules, rows, pieces)
    if tombstones(before) != ends and pieces[-1].was is not None:
        updated.add(rows[-1])  # it undid a closing
    openers = {piece.run[0] for piece in pieces if piece.was is None}
    still_open = {id(piece.was) for piece in pieces if piece.todt is None}
    counts["inserted"] += len(openers)
    counts["updated"] += len(updated - openers)
    counts["ended"] += len(history.ended - set(missing))
    counts["expired"] += sum(v.todt is None and id(v) not in still_open for v in before)
    return [Version(key, p.values, p.fromdt, p.todt, p.was.skey if p.was else None) for p in pieces]


def has_open(before: list[Version], at: Moment) -> bool:
    return any(version.todt is None and version.fromdt <= at for version in before)


def tombstones(before: list[Version]) -> set[Moment]:
    """The times at which a version ends and none begins."""
    return {v.todt for v in before if v.todt is not None} - {v.fromdt for v in before}


def returned(
    rules: Rules, ends: set[Moment], rows: list[Row], at: Moment
) -> tuple[set[Moment], list[Row]]:
    """With on_missing: expire, a key is back: the tombstones and rows that then hold.

    A closing at the very time of this run is undone: a source of the same time has the key.
    A newest row dated before the last closing is dated `at`, the run's effective time, and the
    gap stays; older deletes of the key are left out: what was before the closing is closed as it
    is.
    """
    if not rules.expire_missing or not rows or rows[-1].deleted or rows[-1].time >= at:
        return ends, rows
    *older, newest = rows
    ends = ends - {at}
    closing = max(ends, default=None)
    if closing is None or closing > at or newest.time >= closing:
        return ends, rows
    return ends, [*(row for row in older if not row.deleted), replace(newest, time=at)]


@dataclass
class History:
    """The events of one key in order of time, and what they make.

    `updated` are the rows that overwrote something that stood; `ended` the deletes that took
    effect in another way than that.
    """

    rules: Rules
    ends: set[Moment]
    pieces: list[Piece] = field(default_factory=list)
    live: Piece | None = None
    updated: set[Row] = field(default_factory=set)
    ended: set[Row] = field(default_factory=set)

    def same(self, one: Values, other: Values) -> bool:
        return self.rules.compared(one) == self.rules.compared(other)

    def stop(self, moment: Moment) -> None:
        if self.live is not None:
            self.live.todt = moment
            self.live = None

    def begin(self, piece: Piece) -> None:
        self.stop(piece.fromdt)
        self.pieces.append(piece)
        self.live = piece

    def version_alone(self, version: Version) -> None:
        """A late row that equals what follows it: that version begins earlier instead."""
        live = self.live
        if live is not None and live.was is None and self.same(live.values, version.values):
            self.updated.add(live.run[0])
            live.was, live.values = version, dict(version.values)
        else:
            self.begin(Piece(version.fromdt, dict(version.values), version))

    def row_at_version(self, row: Row, version: Version) -> None:
        """The same time: with other values, that version is corrected in place."""
        piece = Piece(version.fromdt, dict(version.values), version)
        self.begin(piece)
        if not self.same(row.values, version.values):
            self.updated.add(row)
            piece.values |= correction(self.rules, row)

    def row_alone(self, row: Row) -> None:
        """A row in its place. Equal neighbours fall together."""
        if self.live is None or not self.same(self.live.values, row.values):
            self.begin(Piece(row.time, dict(row.values), run=[row]))
            return
        self.live.run.append(row)
        if row.time in self.ends and self.live.was is not None:
            self.updated.add(row)  # it takes the place of a tombstone: the version grows over it

    def delete_at_version(self, row: Row, version: Version) -> None:
        """A version that would begin and end at once is not there."""
        (self.ended if version.todt is None else self.updated).add(row)
        self.stop(row.time)

    def delete_alone(self, row: Row) -> None:
        """What is live ends here. A delete where nothing is live changes nothing."""
        if self.live is None or row.time in self.ends:
            self.stop(row.time)
            return
        was = self.live.was
        (self.updated if was is not None and was.todt is not None else self.ended).add(row)
        self.stop(row.time)


def merge(rules: Rules, before: list[Version], ends: set[Moment], rows: list[Row]) -> History:
    """Versions, the tombstones between them, and rows as one line of events."""
    starts = {version.fromdt: version for version in before}
    staged = {row.time: row for row in rows}
    history = History(rules, ends)
    for moment in sorted({*starts, *history.ends, *staged}):
        match starts.get(moment), staged.get(moment):
            case None, None:
                history.stop(moment)
            case version, None:
                history.version_alone(version)
            case None, row:
                (history.delete_alone if row.deleted else history.row_alone)(row)
            case version, row if row.deleted:
                history.delete_at_version(row, version)
            case version, row:
                history.row_at_version(row, version)
    return history


def correction(rules: Rules, row: Row) -> Values:
    """What a row writes over the version that has its time; type 0 and 1 have own rules."""
    own = {*rules.keep_first, *rules.overwritten}
    return {name: value for name, value in row.values.items() if name not in own}


def keep_first_values(
    rules: Rules, before: list[Version], rows: list[Row], pieces: list[Piece]
) -> None:
    """Type 0 columns: the first value of the key, for every version."""
    sources: Iterable[Version | Row] = before or [row for row in rows if not row.deleted]
    first = next(iter(sources), None)
    for piece in pieces:
        if piece.was is None and first is not None:
            piece.values |= {name: first.values[name] for name in rules.keep_first}


def overwrite_type1(rules: Rules, rows: list[Row], pieces: list[Piece]) -> set[Row]:
    """Type 1 columns of a type 2 table. Gives the row that overwrote something that stood."""
    if not pieces or not rules.overwritten:
        return set()
    newest = next((row for row in reversed(rows) if not row.deleted), None)
    last = pieces[-1]
    is_news = newest is not None and newest.time >= last.fromdt
    if rules.current_scope:
        for piece in pieces:
            if piece.was is None:
                piece.values |= type1(rules, piece.run[-1])
        reached = [last] if last.todt is None and is_news else []
    else:
        present = type1(rules, newest) if newest and is_news else newest_stored(rules, pieces)
        for piece in pieces:
            if piece.was is None:
                piece.values |= present
        reached = pieces if is_news else []
    if newest is None:
        return set()
    value = type1(rules, newest)
    overwrote = [p for p in reached if p.was and type1(rules, p) != value]
    for piece in overwrote:
        piece.values |= value
    return {newest} if overwrote else set()


def type1(rules: Rules, holder: Row | Piece) -> Values:
    return {name: holder.values[name] for name in rules.overwritten}


def newest_stored(rules: Rules, pieces: list[Piece]) -> Values:
    """The present type 1 values of a key: those of its newest version in the table."""
    stored = [piece for piece in pieces if piece.was is not None]
    return type1(rules, stored[-1]) if stored else {}


# ---- type 1


def overwrite_key(
    rules: Rules,
    key: Key,
    stored: list[Version],
    rows: list[Row],
    at: Moment,
    counts: Counter[str],
    *,
    absent: bool,
) -> list[Version]:
    """The one row of a key in a type 1 table after the run. `fromdt`: the time of its values."""
    present = stored[0] if stored else None
    if absent and present is not None and (not rules.dated or present.fromdt <= at):
        counts["expired"] += 1
        return []
    winner = rows[-1] if rows else None
    if winner is None or (present is not None and is_older(rules, winner, present)):
        return stored
    if winner.deleted:
        counts["expired"] += present is not None
        counts["ended"] += present is not None
        return []
    if present is None:
        first = next(row for row in rows if not row.deleted)
        kept = {name: first.values[name] for name in rules.keep_first}
        counts["inserted"] += 1
        return [Version(key, {**winner.values, **kept}, winner.time)]
    kept = {name: present.values[name] for name in rules.keep_first}
    alike = rules.compared(winner.values) == rules.compared(present.values)
    if alike and (not rules.dated or winner.time == present.fromdt):
        return stored
    counts["updated"] += 1
    return [Version(key, {**winner.values, **kept}, winner.time, skey=present.skey)]


def is_older(rules: Rules, row: Row, present: Version) -> bool:
    return bool(rules.dated and row.time < present.fromdt)


# ---- what must hold at every commit


def broken(table: list[Version]) -> list[str]:
    """Sentences about every fault of promise 3: one open version a key, no overlap."""
    faults = []
    by_key: dict[Key, list[Version]] = defaultdict(list)
    for version in table:
        by_key[version.key].append(version)
    for key, versions in by_key.items():
        versions.sort(key=lambda version: version.fromdt)
        if sum(version.todt is None for version in versions) > 1:
            faults.append(f"{key} has more than one open version")
        faults += [
            f"{key} has a version that ends no later than it begins"
            for version in versions
            if version.todt is not None and version.todt <= version.fromdt
        ]
        faults += [
            f"{key} has versions that overlap"
            for one, other in pairwise(versions)
            if one.todt is None or one.todt > other.fromdt
        ]
    return faults
