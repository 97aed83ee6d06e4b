"""A fault at writes and commits of a run whose ledger and target are on MariaDB.

Every kind of fault at every eighteenth place; SQLite tries all of them (test_every_write.py).
"""

from __future__ import annotations

from functools import partial

import pytest

from tests.chaos.small import KINDS
from tests.chaos.steps import When, is_broken, is_lost
from tests.chaos.trials import OnMariaDB, trials, wrong_ends

STRIDE = 18


@pytest.fixture(scope="module")
def beginning(mariadb, tmp_path_factory) -> OnMariaDB:
    return OnMariaDB(mariadb, tmp_path_factory.mktemp("beginning"))


@pytest.fixture(params=list(KINDS))
def trial(request, beginning, tmp_path):
    urls, reset = beginning.copied(tmp_path)
    with trials(urls, KINDS[request.param], reset) as trial:
        yield trial


def test_the_run_is_the_same_as_elsewhere(trial):
    assert trial.wanted.status == "SUCCESS"
    assert trial.wanted.markers == trial.wanted.logged
    assert len(trial.wanted.markers) >= 3
    assert len({errtyp for _, errtyp, _, _ in trial.wanted.errors}) == 4


def test_a_connection_lost_before_a_step_changes_nothing_of_the_end(trial):
    lost = partial(trial.with_fault, when=When.BEFORE, fault=is_lost)
    assert wrong_ends(trial, lost, trial.lasting[::STRIDE]) == {}


def test_a_connection_lost_after_a_commit_changes_nothing_of_the_end(trial):
    lost = partial(trial.with_fault, when=When.AFTER, fault=is_lost)
    assert wrong_ends(trial, lost, trial.commits[::6]) == {}


def test_a_fault_that_stays_changes_nothing_of_the_end_once_the_run_is_resumed(trial):
    broken = partial(trial.with_fault, when=When.BEFORE, fault=is_broken)
    assert wrong_ends(trial, broken, trial.lasting[1::STRIDE]) == {}


def test_the_death_of_the_process_before_a_step_changes_nothing_of_the_end(trial):
    assert wrong_ends(trial, trial.with_death, trial.lasting[2::STRIDE]) == {}
