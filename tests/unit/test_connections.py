"""Connection names of jobs, and what a fork and the end of a process do to connections."""

from __future__ import annotations

import os

import pytest

from mapper_tasks.model.errors import UnknownConnection
from worker_config.connections import Connections
from worker_config.settings import Settings

SECRET = "s3cr3t-word"


@pytest.fixture
def connections(tmp_path):
    connections = Connections(
        Settings(
            metadata_url=f"sqlite:///{tmp_path / 'ledger.db'}",
            connections={"CRM": f"sqlite:///{tmp_path / SECRET}.db"},
        )
    )
    yield connections
    connections.close()


@pytest.mark.parametrize("name", ["crm", "CRM", "Crm"])
def test_a_name_is_found_however_it_is_spelled(connections, name):
    assert connections(name) is connections("crm")


def test_an_unknown_name_is_told_with_those_that_are_known_and_no_url(connections):
    with pytest.raises(UnknownConnection, match="'shop' is not set; known: crm") as unknown:
        connections("shop")
    assert SECRET not in str(unknown.value)


def test_nothing_is_opened_before_its_first_use(connections, tmp_path):
    connections("crm")
    connections.ledger()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_shows_no_values(connections):
    assert connections("crm").engine.hide_parameters


def test_a_forked_process_opens_its_own_and_leaves_its_parent_theirs(connections):
    database = connections("crm")
    with database.engine.connect() as connection:
        before = connection.connection.dbapi_connection
    child = os.fork()
    if child == 0:
        connections.forget_inherited()
        os._exit(0 if connections("crm") is not database else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with database.engine.connect() as connection:
        assert connection.connection.dbapi_connection is before
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_after_closing_a_name_is_opened_anew(connections):
    database = connections("crm")
    connections.close()
    assert connections("crm") is not database
