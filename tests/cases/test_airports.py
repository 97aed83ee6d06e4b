"""Real history: four releases of the world's airports, against a count by brute force.

The releases write the same number differently (`450.0`, `450`): as text nearly every row of the
second release would be a change. They are compared as the target stores them.
"""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from mapper_tasks.model.job import Job
from mapper_tasks.model.status import RunStatus
from mapper_tasks.model.tally import Tally
from tests.cases.reading import ROOT
from tests.rules.tables import IDENTITY, moment

FOLDER = ROOT / "examples" / "data" / "airports"
RELEASES = ["20201205", "20210926", "20221121", "20240415"]
TEXTS = ["iata", "name", "city", "subd", "country", "tz", "lid"]
NUMBERS = ["elevation", "lat", "lon"]
NAMES = ["icao", *TEXTS, *NUMBERS]
KEY, CHUNK = "icao", 10_000

Typed = tuple[Any, ...]


def released(release: str) -> datetime:
    return datetime.strptime(release, "%Y%m%d").replace(tzinfo=UTC)


def rows_of(release: str) -> list[dict[str, str]]:
    with gzip.open(FOLDER / f"{release}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def typed(row: dict[str, Any]) -> Typed:
    """To a tenth of a millimetre: SQLite reads a number from text to its 15th digit only."""
    numbers = [round(float(row[name]), 9) for name in NUMBERS]
    return (*[row[name] for name in TEXTS], *numbers)


# ---- by brute force

Spell = tuple[str, Typed, datetime, datetime | None]


def by_hand() -> tuple[list[Spell], list[Tally]]:
    """Every version there must be, and the tally of each run, by comparing release with release."""
    closed: list[Spell] = []
    now: dict[str, tuple[Typed, datetime]] = {}
    tallies = []
    for release in RELEASES:
        at = released(release)
        new = {row[KEY]: typed(row) for row in rows_of(release)}
        ended = [key for key, (values, _) in now.items() if new.get(key) != values]
        closed += [(key, *now.pop(key), at) for key in ended]
        begun = [key for key in new if key not in now]
        now |= {key: (new[key], at) for key in begun}
        same = len(new) - len(begun)
        tallies.append(Tally(len(new), inserted=len(begun), expired=len(ended), unchanged=same))
    return closed + [(key, values, since, None) for key, (values, since) in now.items()], tallies


# ---- for real


def job(release: str, kind: str) -> Job:
    number = SPELLED["number"].get(kind, DEFAULTS["number"])
    numbers = {name: {"sql": f"CAST(NULLIF({name}, '') AS {number})"} for name in NUMBERS}
    return Job.read(
        {
            "mapref": "DIM_AIRPORT",
            "source": {"connection": "source", "table": "airports"},
            "target": {
                "connection": "target",
                "table": "dim_airport",
                "scd_type": 2,
                "business_key": [KEY],
                "columns": {**{name: name for name in [KEY, *TEXTS]}, **numbers},
                "effective_at": released(release).isoformat(),
                "on_missing": "expire",
            },
            "parallel_config": {
                "enable_parallel": True,
                "min_rows_for_parallel": 0,
                "chunk_size": CHUNK,
            },
        }
    )


SPELLED = {
    "key": {"mariadb": "varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"},
    "number": {"mariadb": "decimal(20,10)"},
    "moment": {"mariadb": "datetime(6)"},
}
DEFAULTS = {"key": "text", "number": "numeric", "moment": "timestamp"}
ONE_CURRENT = "CREATE UNIQUE INDEX airport_one ON dim_airport (icao) WHERE curflg = 'Y'"
ONE_CURRENT_THERE = {
    "mariadb": "ALTER TABLE dim_airport ADD COLUMN mp_current tinyint "
    "GENERATED ALWAYS AS (CASE WHEN curflg = 'Y' THEN 1 END) STORED INVISIBLE, "
    "ADD UNIQUE INDEX airport_one (icao, mp_current)"
}


def prepare(place) -> None:
    kind = place.target.kind
    key, number, moment = (SPELLED[one].get(kind, DEFAULTS[one]) for one in DEFAULTS)
    texts = ", ".join(f"{name} text" for name in NAMES if name != KEY)
    place.write(f"CREATE TABLE airports ({KEY} {key}, {texts})", side="source")
    columns = [f"{KEY} {key}", *[f"{name} text" for name in TEXTS]]
    columns += [f"{name} {number}" for name in NUMBERS]
    columns += ["rwhkey varchar(64)", "curflg char(1) NOT NULL", f"fromdt {moment} NOT NULL"]
    columns += [f"todt {moment} NOT NULL", f"reccrdt {moment}", f"recupdt {moment}"]
    place.write(f"CREATE TABLE dim_airport (skey {IDENTITY[kind]}, {', '.join(columns)})")
    place.write("CREATE INDEX airport_key ON dim_airport (icao, fromdt)")
    place.write(ONE_CURRENT_THERE.get(kind, ONE_CURRENT))


def feed(place, release: str) -> None:
    marks = ", ".join(f":{name}" for name in NAMES)
    names = ", ".join(NAMES)
    with place.source.engine.begin() as connection:
        connection.execute(text("DELETE FROM airports"))
        insert = text(f"INSERT INTO airports ({names}) VALUES ({marks})")
        connection.execute(insert, rows_of(release))


def versions(place) -> list[Spell]:
    with place.target.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM dim_airport")).mappings().all()
    return [
        (row[KEY], typed(row), moment(row["fromdt"]), _end(row["curflg"], moment(row["todt"])))
        for row in map(dict, rows)
    ]


def _end(flag: str, todt: datetime | None) -> datetime | None:
    return None if flag == "Y" else todt


def everything(place) -> list[tuple[Any, ...]]:
    with place.target.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM dim_airport ORDER BY skey"))
        return [tuple(row) for row in rows]


@pytest.mark.slow
def test_four_releases_of_airports_give_the_versions_that_brute_force_counts(place):
    prepare(place)
    expected, tallies = by_hand()
    for release, tally in zip(RELEASES, tallies, strict=True):
        feed(place, release)
        run = place.run(job(release, place.target.kind))
        assert run.status is RunStatus.SUCCESS, run.message
        assert run.chunks > 1
        assert run.tally == tally
    assert sorted(versions(place), key=_in_order) == sorted(expected, key=_in_order)
    before = everything(place)
    again = place.run(job(RELEASES[-1], place.target.kind)).tally
    assert again == Tally(source=again.source, unchanged=again.source)
    assert everything(place) == before


def _in_order(version: Spell) -> tuple[str, datetime]:
    return version[0], version[2]


def test_the_second_release_has_17_typed_changes_where_text_sees_28863():
    first, second = ({row[KEY]: row for row in rows_of(release)} for release in RELEASES[:2])
    as_text = [key for key in second if key in first and second[key] != first[key]]
    as_typed = [key for key in as_text if typed(second[key]) != typed(first[key])]
    assert (len(as_text), len(as_typed), len(second.keys() - first.keys())) == (28863, 17, 4)
    _, tallies = by_hand()
    assert (tallies[1].inserted, tallies[1].expired) == (21, 17)
