"""A fault at every single write, commit and message of a run, in turn: its end is always the same.

The run has every kind of row (tests/chaos/small.py). Every step meets a fault that stays, and a
lost connection or the death of its process, in turn. After the fault all messages are gone; rescue
finds what is open once the claims have run out, and a run that failed is resumed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.chaos import small
from tests.chaos.small import KINDS
from tests.chaos.steps import When, is_broken, is_lost
from tests.chaos.trials import copy_files, files_in, trials, wrong_ends


@pytest.fixture(scope="module")
def beginning(tmp_path_factory) -> Path:
    """The files of a world in which the run is yet to come."""
    folder: Path = tmp_path_factory.mktemp("beginning")
    small.build(files_in(folder), tuple(KINDS.values()))
    return folder


@pytest.fixture(params=list(KINDS))
def trial(request, beginning, tmp_path):
    reset = partial(copy_files, beginning, tmp_path)
    with trials(files_in(tmp_path), KINDS[request.param], reset) as trial:
        yield trial


def test_the_run_has_every_kind_of_row(trial):
    assert trial.wanted.status == "SUCCESS"
    assert trial.wanted.markers == trial.wanted.logged
    assert len(trial.wanted.markers) >= 3
    assert trial.wanted.leases == 0
    assert all(count > 0 for count in trial.wanted.tally.values()), trial.wanted.tally
    assert len({errtyp for _, errtyp, _, _ in trial.wanted.errors}) == 4


def test_a_connection_lost_before_every_second_step_changes_nothing_of_the_end(trial):
    lost = partial(trial.with_fault, when=When.BEFORE, fault=is_lost)
    assert wrong_ends(trial, lost, trial.lasting[::2]) == {}


def test_a_connection_lost_after_a_commit_changes_nothing_of_the_end(trial):
    lost = partial(trial.with_fault, when=When.AFTER, fault=is_lost)
    assert wrong_ends(trial, lost, trial.commits) == {}


def test_a_fault_that_stays_changes_nothing_of_the_end_once_the_run_is_resumed(trial):
    broken = partial(trial.with_fault, when=When.BEFORE, fault=is_broken)
    assert wrong_ends(trial, broken, trial.lasting) == {}


def test_the_death_of_the_process_before_the_others_changes_nothing_of_the_end(trial):
    assert wrong_ends(trial, trial.with_death, trial.lasting[1::2]) == {}
