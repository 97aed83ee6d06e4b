"""A gate before the first row of a source: who reads a chunk waits there while it is shut."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from tests.rim.shop import ROWS, Shop, eventually

# An advisory lock: what a transaction sees of a table is as old as its moment.
FUNCTION = """
CREATE FUNCTION gated(n bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF n = 1 AND (
        pg_current_xact_id_if_assigned() IS NOT NULL OR current_query() LIKE 'COPY%'
    ) THEN
        PERFORM pg_advisory_lock_shared(1);
        PERFORM pg_advisory_unlock_shared(1);
    END IF;
    RETURN true;
END $$
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


class Gate:
    """Shut by a connection of its own; plans pass it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        with shop.engine.begin() as connection:
            connection.execute(text(FUNCTION))
        self._guard = shop.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def shut(self) -> None:
        self._guard.execute(text("SELECT pg_advisory_lock(1)"))

    def open(self) -> None:
        self._guard.execute(text("SELECT pg_advisory_unlock_all()"))

    def close(self) -> None:
        self._guard.close()

    def job(self, mapref: str, consistency: str) -> dict[str, Any]:
        """Four chunks or more, one at a time; the first has the gate before it."""
        job = self.shop.job(mapref, chunk_size=ROWS // 4, max_workers=1)
        job["source"] = {
            "connection": "shop",
            "query": "SELECT * FROM customers WHERE gated(id)",
            "consistency": consistency,
        }
        return job

    def begun(self, client: Any, mapref: str, consistency: str) -> int:
        """A run whose first chunk waits at the gate, and whose others have not begun."""
        self.shut()
        prcid: int = client.submit(self.job(mapref, consistency))
        eventually(lambda: self.shop.rows(WAITING) != [(0,)])
        return prcid
