"""The command line by itself: SQLite files, no server, no worker."""

from __future__ import annotations

import copy
import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from mapper_tasks.cli.commands import NAMES
from tests.rim.terminal import Terminal

JOB: dict[str, Any] = {
    "mapref": "DIM_CUSTOMER",
    "source": {"connection": "shop", "table": "customers"},
    "target": {
        "connection": "warehouse",
        "table": "dim_customer",
        "scd_type": 2,
        "business_key": ["customer_id"],
        "columns": {"customer_id": "id", "name": "name"},
        "create": True,
    },
}
CUSTOMERS = 40
RUN_FIELDS = [
    "prcid",
    "status",
    "source_rows",
    "target_rows",
    "inserted",
    "updated",
    "expired",
    "unchanged",
    "error_rows",
    "chunks",
    "seconds",
    "message",
]


def changed(**parts: Any) -> dict[str, Any]:
    """The job with some fields of its parts set, or taken out with None."""
    job = copy.deepcopy(JOB)
    for name, fields in parts.items():
        if isinstance(fields, dict):
            job[name] = {**job.get(name, {}), **fields}
        else:
            job[name] = fields
    return job


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)")
        rows = [(number, f"customer {number}") for number in range(1, CUSTOMERS + 1)]
        shop.executemany("INSERT INTO customers VALUES (?, ?)", rows)
    shop.close()
    own = Terminal(tmp_path)
    for name in ("shop", "warehouse"):
        own.environment[f"MAPPER_CONNECTIONS__{name.upper()}"] = f"sqlite:///{name}.db"
    own.write("job.yaml", JOB)
    return own


def query(terminal: Terminal, statement: str, database: str = "warehouse.db") -> list[Any]:
    connection = sqlite3.connect(terminal.home / database)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def shop(terminal: Terminal, statement: str) -> None:
    connection = sqlite3.connect(terminal.home / "shop.db")
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_local_run_needs_no_server_and_says_what_it_did(terminal):
    answer = terminal.mapper("run", "job.yaml", "--local", "--json")
    assert answer.code == 0, answer.err
    assert len(answer.out.splitlines()) == 1
    result = answer.result
    assert list(result) == RUN_FIELDS
    assert result["seconds"] > 0
    assert (result["prcid"], result["status"], result["chunks"]) == (1, "SUCCESS", 1)
    assert (result["source_rows"], result["inserted"], result["target_rows"]) == (40, 40, 40)
    assert query(terminal, "SELECT count(*) FROM dim_customer") == [(CUSTOMERS,)]


def test_a_second_local_run_changes_nothing(terminal):
    for _ in range(2):
        answer = terminal.mapper("run", "job.yaml", "--local", "--json")
    assert (answer.result["target_rows"], answer.result["unchanged"]) == (0, CUSTOMERS)


def test_progress_is_told_on_stderr_and_only_the_result_on_stdout(terminal):
    answer = terminal.mapper("run", "job.yaml", "--local")
    assert "40/40 rows" in answer.err
    assert "rows/s" in answer.out
    assert "RUNNING" not in answer.out


def test_a_job_comes_from_standard_input_as_json(terminal):
    answer = terminal.mapper("run", "-", "--local", "--json", typed=json.dumps(JOB))
    assert answer.result["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("job", "code"),
    [
        pytest.param(changed(colour="red"), "MAP-1001", id="an unknown field"),
        pytest.param(changed(source={"connection": "crm"}), "MAP-1002", id="unknown connection"),
        pytest.param(changed(target={"create": False}), "MAP-1003", id="no target table"),
        pytest.param(changed(source={"table": "clients"}), "MAP-1007", id="no source table"),
        pytest.param(
            changed(target={"columns": {"customer_id": "id", "name": "nom"}}),
            "MAP-1004",
            id="no such column",
        ),
        pytest.param(
            changed(target={"columns": {"customer_id": "id", "name": {"sql": "UPPER("}}}),
            "MAP-1007",
            id="SQL that the source refuses",
        ),
        pytest.param(
            changed(target={"columns": {"customer_id": "id", "name": {"python": "os:getcwd"}}}),
            "MAP-1009",
            id="a function of a module that is not allowed",
        ),
        pytest.param(
            changed(parallel_config={"partition": "blocks"}),
            "MAP-2003",
            id="a way of cutting that cannot be",
        ),
    ],
)
@pytest.mark.parametrize("command", [["run", "--local"], ["plan"]])
def test_a_bad_job_is_refused_with_its_code_before_anything_is_written(
    terminal, job, code, command
):
    terminal.write("bad.yaml", job)
    answer = terminal.mapper(*command, "bad.yaml")
    assert answer.code == 2
    assert code in answer.err
    assert "mend:" in answer.err
    assert "Traceback" not in answer.err + answer.out
    assert not answer.out
    assert terminal.mapper("status", "--json").result == {"runs": []}
    assert query(terminal, "SELECT * FROM sqlite_master") == []


def test_a_refused_run_answers_scripts_with_the_same_fields(terminal):
    terminal.write("bad.yaml", changed(source={"connection": "crm"}))
    answer = terminal.mapper("run", "bad.yaml", "--local", "--json")
    assert answer.code == 2
    assert list(answer.result) == RUN_FIELDS
    assert (answer.result["prcid"], answer.result["status"]) == (None, "FAILED")
    assert answer.result["message"].startswith("MAP-1002")


def test_another_refused_command_answers_scripts_with_code_message_and_mend(terminal):
    answer = terminal.mapper("errors", "7", "--json")
    assert answer.code == 2
    assert answer.result["error"]["code"] == "MAP-5002"
    assert set(answer.result["error"]) == {"code", "message", "mend"}


def test_a_traceback_is_shown_only_when_asked_for(terminal):
    answer = terminal.mapper("plan", "nothing.yaml", "--debug")
    assert (answer.code, "Traceback" in answer.err) == (2, True)
    assert "MAP-1011" in answer.err


@pytest.mark.parametrize(
    "words", [["run"], ["run", "job.yaml", "--local", "--no-wait"], ["status", "x"], ["fly"]]
)
def test_wrong_usage_exits_with_2(terminal, words):
    assert terminal.mapper(*words).code == 2


def test_a_bad_setting_is_named_and_its_value_is_not(terminal):
    terminal.environment["MAPPER_METADATA_URL"] = "hunter2"
    answer = terminal.mapper("status")
    assert answer.code == 2
    assert "MAP-5006" in answer.err
    assert "MAPPER_METADATA_URL" in answer.err
    assert "hunter2" not in answer.err


def test_an_unreachable_ledger_is_told_in_words(terminal):
    terminal.environment["MAPPER_METADATA_URL"] = (
        "postgresql+psycopg://someone:hunter2@127.0.0.1:1/nowhere"
    )
    answer = terminal.mapper("status")
    assert answer.code == 1
    assert "MAP-4001" in answer.err
    assert "hunter2" not in answer.err
    assert "Traceback" not in answer.err


def test_too_many_row_errors_fail_the_run_with_exit_code_1(terminal):
    query_with_nulls = "SELECT CASE WHEN id > 3 THEN id END AS id, name FROM customers"
    source = {"connection": "shop", "query": query_with_nulls}
    terminal.write("job.yaml", {**JOB, "source": source, "max_error_rows": 2})
    answer = terminal.mapper("run", "job.yaml", "--local", "--json")
    assert answer.code == 1
    assert answer.result["status"] == "FAILED"
    assert "more than 2 source rows were rejected" in answer.result["message"]
    assert "MAP-3006" in answer.err


def test_rejected_rows_are_shown_with_key_and_reason(terminal):
    query_with_nulls = "SELECT CASE WHEN id > 1 THEN id END AS id, name FROM customers"
    source = {"connection": "shop", "query": query_with_nulls}
    terminal.write("job.yaml", {**JOB, "source": source})
    ran = terminal.mapper("run", "job.yaml", "--local", "--json")
    assert (ran.code, ran.result["error_rows"], ran.result["inserted"]) == (0, 1, CUSTOMERS - 1)
    assert "MAP-3001" in terminal.mapper("errors", "1").out
    [row] = terminal.mapper("errors", "1", "--json").result["errors"]
    assert json.loads(row["keyvalue"]) == {"customer_id": None}
    refused = terminal.mapper("replay", "1", "--local")
    assert (refused.code, "MAP-5013" in refused.err) == (2, True)


def test_what_was_rejected_is_replayed_once_it_is_mended(terminal):
    terminal.write("job.yaml", changed(target={"columns": {"customer_id": "id", "name": "name"}}))
    assert terminal.mapper("run", "job.yaml", "--local").code == 0
    query(
        terminal,
        "CREATE TRIGGER no_sevens BEFORE INSERT ON dim_customer WHEN NEW.name = 'bad' "
        "BEGIN SELECT RAISE(ABORT, 'not this one'); END",
    )
    shop(terminal, "UPDATE customers SET name = 'bad' WHERE id IN (7, 8)")
    ran = terminal.mapper("run", "job.yaml", "--local", "--json").result
    assert (ran["error_rows"], ran["status"]) == (2, "SUCCESS")

    shop(terminal, "UPDATE customers SET name = 'good' WHERE id IN (7, 8)")
    again = terminal.mapper("replay", str(ran["prcid"]), "--local", "--json")

    assert again.code == 0, again.err
    assert list(again.result) == RUN_FIELDS
    assert (again.result["source_rows"], again.result["inserted"]) == (2, 2)
    assert terminal.mapper("replay", "99", "--local").code == 2
    assert terminal.mapper("replay", "1", "--local", "--no-wait").code == 2


def test_plan_shows_estimate_decision_slices_and_sql_and_writes_nothing(terminal):
    terminal.write(
        "job.yaml",
        {
            **JOB,
            "parallel_config": {
                "enable_parallel": True,
                "chunk_size": 10,
                "min_rows_for_parallel": 0,
            },
        },
    )
    answer = terminal.mapper("plan", "job.yaml")
    assert answer.code == 0, answer.err
    for words in ("40 rows (exact)", "in parallel", "4 chunks", "NULL keys", "Chunk 2", "SELECT"):
        assert words in answer.out
    planned = terminal.mapper("plan", "job.yaml", "--json").result
    assert [chunk["rows"] for chunk in planned["chunks"]] == [10, 10, 10, 10]
    assert query(terminal, "SELECT * FROM sqlite_master") == []
    assert not (terminal.home / "mapper.db").exists()


def test_many_slices_are_cut_short_unless_all_are_asked_for(terminal):
    parallel = {"enable_parallel": True, "chunk_size": 1, "min_rows_for_parallel": 0}
    terminal.write("job.yaml", {**JOB, "parallel_config": parallel})
    assert "20 more" in terminal.mapper("plan", "job.yaml").out
    assert "more" not in terminal.mapper("plan", "job.yaml", "--all").out


def test_status_lists_runs_and_shows_one_with_its_workers(terminal):
    terminal.mapper("run", "job.yaml", "--local")
    terminal.mapper("run", "job.yaml", "--local")
    listed = terminal.mapper("status", "--json").result["runs"]
    assert [run["prcid"] for run in listed] == [2, 1]
    assert "DIM_CUSTOMER" in terminal.mapper("status").out
    one = terminal.mapper("status", "1", "--json").result
    assert [chunk["status"] for chunk in one["chunk_list"]] == ["APPLIED"]
    assert "local" in terminal.mapper("status", "1").out


def test_verify_passes_what_was_loaded_and_finds_what_was_broken(terminal):
    terminal.mapper("run", "job.yaml", "--local")
    assert terminal.mapper("verify", "job.yaml").code == 0
    connection = sqlite3.connect(terminal.home / "warehouse.db")
    connection.execute("UPDATE dim_customer SET curflg = 'N' WHERE customer_id = 7")
    connection.commit()
    connection.close()
    answer = terminal.mapper("verify", "job.yaml", "--json")
    assert answer.code == 1
    [broken] = [check for check in answer.result["checks"] if check["broken"]]
    assert (broken["name"], broken["examples"]) == ("curflg", [{"customer_id": "7"}])


def test_verify_finds_what_differs_from_the_source(terminal):
    terminal.mapper("run", "job.yaml", "--local")
    before = query(terminal, "SELECT * FROM dim_customer ORDER BY customer_id")
    shop(terminal, "UPDATE customers SET name = 'another' WHERE id = 5")
    shop(terminal, "DELETE FROM customers WHERE id = 9")

    found = terminal.mapper("verify", "job.yaml", "--json")

    assert found.code == 1, found.err
    told = found.result["source"]
    assert (told["source_rows"], told["same"]) == (CUSTOMERS - 1, False)
    assert (told["missing"], told["differing"], told["extra"]) == (0, 1, 1)
    assert told["examples"]["differing"] == [{"customer_id": "5"}]
    assert "on_missing: ignore" in terminal.mapper("verify", "job.yaml").out
    assert terminal.mapper("verify", "job.yaml", "--target-only").code == 0
    assert query(terminal, "SELECT * FROM dim_customer ORDER BY customer_id") == before
    assert terminal.mapper("run", "job.yaml", "--local").code == 0
    assert terminal.mapper("verify", "job.yaml").code == 0  # a key too many is no fault here


def test_a_run_is_drawn_into_one_file(terminal):
    terminal.mapper("run", "job.yaml", "--local")
    answer = terminal.mapper("report", "1", "-o", "run.html", "--json")
    assert (answer.code, answer.result) == (0, {"prcid": 1, "file": "run.html"})
    assert "DIM_CUSTOMER, run 1" in (terminal.home / "run.html").read_text(encoding="utf-8")
    assert terminal.mapper("report", "1", "-o", "nowhere/run.html").code == 2


def test_init_says_where_the_ledger_is_without_its_password(terminal):
    answer = terminal.mapper("init", "--json")
    assert answer.code == 0
    assert answer.result["ledger"] == "sqlite:///mapper.db"
    assert terminal.mapper("init", "--json").result == answer.result


def test_the_schema_knows_every_part_of_a_job(terminal):
    schema = terminal.mapper("schema", "--json").result
    assert set(schema["required"]) == {"mapref", "source", "target"}
    assert json.loads(terminal.mapper("schema").out) == schema


@pytest.mark.parametrize("name", NAMES)
def test_every_command_helps_with_an_example(terminal, name):
    answer = terminal.mapper(name, "--help")
    assert answer.code == 0
    assert f"mapper {name}" in answer.out.partition("Usage:")[2].partition("\n")[2]
    assert "--json" in answer.out


def test_ctrl_c_stops_a_local_run_cleanly(terminal):
    slow(terminal)
    process = terminal.begin("run", "job.yaml", "--local", "--json")
    wait_for_a_chunk(terminal, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    result = json.loads(out.splitlines()[-1])
    assert result["status"] == "STOPPED"
    assert 0 < result["inserted"] < CUSTOMERS
    assert query(terminal, "SELECT count(*) FROM dim_customer") == [(result["inserted"],)]
    assert "Stopping run 1" in err
    assert "Traceback" not in err


def test_a_local_run_is_stopped_from_another_shell_without_a_broker(terminal):
    slow(terminal)
    terminal.environment["MAPPER_BROKER_URL"] = "redis://127.0.0.1:1/0"
    process = terminal.begin("run", "job.yaml", "--local", "--json")
    wait_for_a_chunk(terminal, process)
    stopped = terminal.mapper("stop", "1")
    assert stopped.code == 0, stopped.err
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    resumed = terminal.mapper("resume", "1")
    assert (resumed.code, "MAP-5009" in resumed.err) == (1, True)
    assert terminal.mapper("status", "1", "--json").result["status"] == "STOPPED"
    here = terminal.mapper("resume", "1", "--local", "--json")
    assert (here.code, here.result["status"]) == (0, "SUCCESS")
    assert query(terminal, "SELECT count(*) FROM dim_customer") == [(CUSTOMERS,)]


def slow(terminal: Terminal) -> None:
    """Makes the job take seconds, by a Python function of the working directory."""
    (terminal.home / "slow.py").write_text(
        "import time\n\ndef wait(row):\n    time.sleep(0.2)\n    return row['name']\n"
    )
    terminal.environment["MAPPER_ALLOWED_MODULES"] = "slow"
    columns = {"customer_id": "id", "name": {"python": "slow:wait"}}
    one_by_one = {"enable_parallel": True, "chunk_size": 1, "min_rows_for_parallel": 0}
    job = changed(target={"columns": columns}, parallel_config=one_by_one)
    terminal.write("job.yaml", job)


def wait_for_a_chunk(terminal: Terminal, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while not applied(terminal):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)


def applied(terminal: Terminal) -> int:
    """How many chunks are applied so far."""
    try:
        counted = query(
            terminal, "SELECT count(*) FROM dms_prcchunk WHERE status = 'APPLIED'", "mapper.db"
        )
    except sqlite3.OperationalError:
        return 0
    return int(counted[0][0])
