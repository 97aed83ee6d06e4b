"""Attempts at one run from one beginning, each with a fault at another step."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from mapper_tasks.flow.submit import submit
from tests.chaos import small
from tests.chaos.delivery import begin, repair
from tests.chaos.small import KINDS, LEDGER, SOURCE, TARGET, End, Kind, World
from tests.chaos.steps import COMMIT, Steps, When, dies

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymysql.cursors import Cursor

    from mapper_tasks.demo.servers import MariaDBServer, PostgresServer
    from tests.chaos.steps import Fault

DIED = 9


class Trial:
    """One world, put back to its beginning before each attempt at the run."""

    def __init__(self, world: World, steps: Steps, reset: Callable[[], None], kind: Kind) -> None:
        self.world, self.steps, self.kind = world, steps, kind
        self._reset = reset
        self.wanted = self.undisturbed()

    def _prepared(self) -> int:
        self.world.let_go()
        self._reset()
        return submit(self.world.site, self.kind.job)

    def undisturbed(self) -> End:
        prcid = self._prepared()
        self.steps.count()
        begin(self.world, prcid, self.steps)
        self.lasting = self.steps.lasting
        self.commits = [n for n, what in enumerate(self.steps.taken, 1) if what == COMMIT]
        return End.of(self.world, self.kind, prcid)

    def with_fault(self, at: int, when: When, fault: Fault) -> End:
        prcid = self._prepared()
        self.steps.break_at(at, when, fault)
        begin(self.world, prcid, self.steps)
        return self._repaired(prcid)

    def with_death(self, at: int) -> End:
        """The process that does the run ends before this step."""
        prcid = self._prepared()
        self.world.let_go()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # no thread of ours holds a lock
            child = os.fork()
        if child == 0:
            self._die_at(at, prcid)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == DIED
        return self._repaired(prcid)

    def _die_at(self, at: int, prcid: int) -> None:
        try:
            self.steps.break_at(at, When.BEFORE, dies)
            begin(self.world, prcid, self.steps)
        finally:
            os._exit(1)

    def _repaired(self, prcid: int) -> End:
        self.steps.count()
        repair(self.world, prcid, self.steps)
        return End.of(self.world, self.kind, prcid)


def wrong_ends(trial: Trial, attempt: Callable[[int], End], steps: Iterable[int]) -> dict[int, End]:
    """The ends that differ from the undisturbed one, by the step where the fault struck."""
    ends = {at: attempt(at) for at in steps}
    return {at: end for at, end in ends.items() if end != trial.wanted}


# ---- where they take place


@contextmanager
def trials(urls: dict[str, str], kind: Kind, reset: Callable[[], None]) -> Iterator[Trial]:
    steps = Steps()
    with small.opened(urls) as world, steps.copies():
        for database in world.databases:
            steps.watch(database)
        yield Trial(world, steps, reset, kind)


def files_in(folder: Path) -> dict[str, str]:
    return {name: f"sqlite:///{folder / name}.db" for name in (SOURCE, TARGET, LEDGER)}


def copy_files(beginning: Path, place: Path) -> None:
    for file in place.iterdir():
        file.unlink()
    for file in beginning.iterdir():
        shutil.copy(file, place)


class Template:
    """Ledger and target in one PostgreSQL database, from which others are copied."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._name = f"beginning_{uuid4().hex[:8]}"
        self._source = server.create_database()
        small.build(self._urls(server.create_database(self._name)), tuple(KINDS.values()))

    def _urls(self, url: str) -> dict[str, str]:
        return {SOURCE: self._source, TARGET: url, LEDGER: url}

    def urls_of(self, name: str) -> dict[str, str]:
        return self._urls(self._server.url(name))

    def copy_to(self, name: str) -> None:
        with self._server._log_in() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {self._name}".encode())


class OnMariaDB:
    """Ledger and target in one MariaDB database, the source as a file, and what all of it was."""

    def __init__(self, server: MariaDBServer, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._beginning = f"beginning_{uuid4().hex[:8]}"
        url = server.create_database(self._beginning)
        small.build(self._urls(folder, url), tuple(KINDS.values()))

    def _urls(self, folder: Path, url: str) -> dict[str, str]:
        return {SOURCE: files_in(folder)[SOURCE], TARGET: url, LEDGER: url}

    def copied(self, place: Path) -> tuple[dict[str, str], Callable[[], None]]:
        """The URLs of a copy, and what puts it back to the beginning."""
        name = f"trial_{uuid4().hex[:8]}"
        urls = self._urls(place, self._server.create_database(name))
        with self._server._log_in() as connection, connection.cursor() as cursor:
            for table in self._tables(cursor):
                cursor.execute(f"CREATE TABLE {name}.{table} LIKE {self._beginning}.{table}")
        return urls, partial(self._reset, name, place)

    def _reset(self, name: str, place: Path) -> None:
        copy_files(self._folder, place)
        with self._server._log_in() as connection, connection.cursor() as cursor:
            for table in self._tables(cursor):
                cursor.execute(f"DELETE FROM {name}.{table}")
                columns = self._columns(cursor, table)
                cursor.execute(
                    f"INSERT INTO {name}.{table} ({columns}) "
                    f"SELECT {columns} FROM {self._beginning}.{table}"
                )

    def _tables(self, cursor: Cursor) -> list[str]:
        cursor.execute(f"SHOW TABLES FROM {self._beginning}")
        return [name for (name,) in cursor.fetchall()]

    def _columns(self, cursor: Cursor, table: str) -> str:
        """Those that take a value."""
        cursor.execute(f"SHOW COLUMNS FROM {self._beginning}.{table}")
        return ", ".join(row[0] for row in cursor.fetchall() if "GENERATED" not in row[5])
