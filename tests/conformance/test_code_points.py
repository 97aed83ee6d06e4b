"""Every character that Unicode has room for arrives as it is, and is no change by another road."""

from __future__ import annotations

from sqlalchemy import text

from tests.conformance.ends import job

TYPES = {"postgresql": "text", "mariadb": "longtext", "sqlite": "TEXT", "oracle": "VARCHAR2(4000)"}
A_ROW = 960  # characters, of up to four bytes each: Oracle's text of SQL ends at 4000 bytes
SURROGATES = range(0xD800, 0xE000)  # which are no characters; and NUL is in docs/types.yaml
EVERY = [chr(point) for point in range(1, 0x110000) if point not in SURROGATES]
TEXTS = ["".join(EVERY[start : start + A_ROW]) for start in range(0, len(EVERY), A_ROW)]


def test_every_code_point_arrives_and_changes_nothing_by_another_road(ends):
    source, target = ends.kinds
    ends.on_source(f"CREATE TABLE src (id integer, word {TYPES[source]})")
    ends.make_versioned(f"id integer NOT NULL, word {TYPES[target]}")
    ends.functions = {"m:same": lambda row: row}
    with ends.source.engine.begin() as connection:
        rows = [{"id": number, "word": one} for number, one in enumerate(TEXTS)]
        connection.execute(text("INSERT INTO src (id, word) VALUES (:id, :word)"), rows)
    plan = {"id": "id", "word": "word"}

    tally, errors = ends.load(job(plan, scd_type=2), 1)
    assert (tally.inserted, errors) == (len(TEXTS), [])
    tally, errors = ends.load(job(plan, scd_type=2, transform="m:same"), 2)
    assert (tally.unchanged, errors) == (len(TEXTS), [])

    with ends.target.reading() as reader:
        stored = dict(reader.execute(text("SELECT id, word FROM trg")).all())
    assert [n for n, one in enumerate(TEXTS) if stored[n] != one] == []
