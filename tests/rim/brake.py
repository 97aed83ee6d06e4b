"""A source whose first row can be made to take its time, and who is held up by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from mapper_tasks import Job
from mapper_tasks.flow.submit import submit
from mapper_tasks.model.status import ChunkStatus, RunStatus
from tests.rim.shop import ROWS, Shop, eventually

WITHIN = 40.0  # seconds for a run to end; the broker's visibility timeout is six hours

QUERY = "SELECT * FROM customers WHERE braked(id)"
FUNCTION = """
CREATE FUNCTION braked(n bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF n = 1 AND (
        pg_current_xact_id_if_assigned() IS NOT NULL OR current_query() LIKE 'COPY%'
    ) THEN PERFORM pg_sleep((SELECT seconds FROM brake)); END IF;
    RETURN true;
END $$
"""


class Brake:
    """Holds up the chunk with the first row for as long as it is on, and never a plan.

    A plan is made by reading only; a chunk reads within its writing transaction, or by COPY.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._run("CREATE TABLE brake AS SELECT 0.0::float AS seconds")
        self._run(FUNCTION)

    def _run(self, statement: str, **values: Any) -> None:
        with self.shop.engine.begin() as connection:
            connection.execute(text(statement), values)

    def job(self, mapref: str, **parallel: Any) -> dict[str, Any]:
        job = self.shop.job(mapref, **{"chunk_size": ROWS // 4, **parallel})
        job["source"]["query"] = QUERY
        return job

    def begun(self, client: Any, job: dict[str, Any]) -> int:
        """A run that is planned, its chunks on their way."""
        prcid: int = client.submit(job)
        eventually(lambda: client.status(prcid).status is RunStatus.RUNNING)
        eventually(lambda: all(one.task_id for one in client._site.ledger.chunks(prcid)))
        return prcid

    def unsent(self, client: Any, job: dict[str, Any]) -> int:
        """A run that is written down, and whose first message never was."""
        return submit(client._site, Job.read(job))

    def assert_right(self, client: Any, prcid: int, mapref: str) -> None:
        """Every row is there once, was counted once, and every chunk was logged once."""
        run = client.wait(prcid, timeout=WITHIN)
        assert run.status is RunStatus.SUCCESS, run.message
        assert (run.tally.source, run.tally.inserted) == (ROWS, ROWS)
        self.shop.assert_loaded(mapref)
        logged = self.shop.noted(f"SELECT count(*) FROM dms_joblog WHERE prcid = {prcid}")
        assert logged == [(run.chunks,)]

    def on(self, seconds: float = 120.0) -> None:
        self._run("UPDATE brake SET seconds = :seconds", seconds=seconds)

    def cut(self) -> None:
        """Whoever sleeps loses the connection; the chunk is tried again, a passing fault."""
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        )

    def off(self) -> None:
        self._run("UPDATE brake SET seconds = 0")

    def held(self, ledger: Any, prcid: int) -> Any:
        """The chunk that is held up, once the others are applied."""

        def found() -> Any:
            chunks = ledger.chunks(prcid)
            running = [one for one in chunks if one.status is ChunkStatus.RUNNING]
            rest = [one for one in chunks if one.status is not ChunkStatus.APPLIED]
            return running[0] if len(rest) == len(running) == 1 and self.sleeps() else None

        return eventually(found)

    def sleeps(self) -> bool:
        active = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        return self.shop.rows(active) != [(0,)]
