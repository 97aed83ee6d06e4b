"""TLS and a user of few rights at the broker, TLS to PostgreSQL; and passwords that nobody sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest
import redis
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from mapper_tasks import MapperClient
from mapper_tasks.demo.servers import (
    FlowerNode,
    ValkeyServer,
    flower_node,
    valkey_server,
    worker_nodes,
)
from mapper_tasks.model.errors import BrokerUnreachable
from mapper_tasks.model.status import RunStatus
from tests.rim.messages import everything
from tests.rim.shop import ROWS, Shop, eventually
from tests.rim.tls import Authority, authority, tls_before

PASSWORD = "A-password-0f-the-br0ker"
PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
PAGES = ("/", "/workers", "/worker/worker@one", "/tasks", "/broker", "/metrics")
ANSWERS = ("/api/workers?refresh=1", "/api/tasks", "/api/queues/length")


@dataclass(frozen=True)
class Safe:
    """What the tests ask beside the shop."""

    server: ValkeyServer
    by: Authority
    passwords: list[str]

    def admin(self) -> redis.Redis:
        return redis.Redis.from_url(self.server.url, decode_responses=True)


def rights() -> list[str]:
    """The words of the page on operations, as they stand there."""
    [line] = re.findall(r"^ACL SETUSER mapper .*$", PAGE.read_text(), re.MULTILINE)
    return line.split()[3:]


@pytest.fixture(scope="module")
def safe(postgres, tmp_path_factory) -> Iterator[Safe]:
    place = tmp_path_factory.mktemp("tls")
    with valkey_server() as server:
        one = Safe(server, authority(place), [PASSWORD, postgres.address.password])
        with one.admin() as admin:
            words = [word.replace("a-password", PASSWORD) for word in rights()]
            admin.execute_command("ACL", "SETUSER", "mapper", *words)
        yield one


@pytest.fixture(scope="module")
def shop(safe, postgres) -> Iterator[Shop]:
    with (
        postgres.fresh_database() as url,
        postgres.fresh_database() as ledger_url,
        tls_before(make_url(safe.server.url).port, safe.by) as at_broker,
        tls_before(postgres.address.port, safe.by, asked_first=True) as at_postgres,
    ):
        engine, ledger = create_engine(url), create_engine(ledger_url)
        with engine.begin() as connection:
            made = f"SELECT n AS id, 'name', 'city' FROM generate_series(1, {ROWS}) n"
            connection.execute(text(f"CREATE TABLE customers (id, name, city) AS {made}"))
            connection.execute(text("ALTER TABLE customers ADD PRIMARY KEY (id)"))

        def by_tls(url: str) -> str:
            words = {"sslmode": "verify-full", "sslrootcert": str(safe.by.certificate)}
            safe_url = make_url(url).set(host="localhost", port=at_postgres)
            return safe_url.update_query_dict(words).render_as_string(hide_password=False)

        checked = f"ssl_cert_reqs=required&ssl_ca_certs={safe.by.certificate}"
        broker_url = f"rediss://mapper:{PASSWORD}@localhost:{at_broker}/0?{checked}"
        environment = {
            "MAPPER_BROKER_URL": broker_url,
            "MAPPER_METADATA_URL": by_tls(ledger_url),
            "MAPPER_CONNECTIONS__SHOP": by_tls(url),
        }
        yield Shop(engine, ledger, environment, broker_url)
        engine.dispose()
        ledger.dispose()


@pytest.fixture(scope="module")
def workers(shop, client):
    with worker_nodes(["one", "two"], shop.environment) as nodes:
        yield nodes


@pytest.fixture(scope="module")
def loaded(shop, client, workers) -> int:
    """A run that was stopped and resumed."""
    prcid = client.submit(shop.job("SAFE", chunk_size=20))
    eventually(lambda: client.status(prcid).tally.source)
    client.stop(prcid, now=True)
    assert client.wait(prcid, timeout=60).status is RunStatus.STOPPED
    client.resume(prcid)
    run = client.wait(prcid, timeout=60)
    assert run.status is RunStatus.SUCCESS, run.message
    return prcid


def test_a_run_goes_over_tls_and_with_few_rights_from_begin_to_end(shop, safe, loaded):
    shop.assert_loaded("SAFE")
    with safe.admin() as admin:
        assert admin.execute_command("ACL", "LOG") == []


def test_the_rights_are_those_of_this_program_alone(safe):
    port = make_url(safe.server.url).port
    with redis.Redis(port=port, username="mapper", password=PASSWORD) as user:
        for words in (["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["SET", "theirs", "1"]):
            with pytest.raises(redis.exceptions.NoPermissionError):
                user.execute_command(*words)


def test_a_server_that_nobody_vouches_for_is_refused(shop, client, tmp_path):
    stranger = str(authority(tmp_path).certificate)
    database = make_url(shop.environment["MAPPER_CONNECTIONS__SHOP"])
    own = str(database.query["sslrootcert"])
    with pytest.MonkeyPatch.context() as patch:
        # By another name: the connections that are open already would serve.
        other = shop.broker_url.replace("@localhost", "@127.0.0.1").replace(own, stranger)
        patch.setenv("MAPPER_BROKER_URL", other)
        with MapperClient() as deaf, pytest.raises(BrokerUnreachable) as refused:
            deaf.submit(shop.job("REFUSED"))
    assert PASSWORD not in str(refused.getrepr(style="long"))
    doubtful = create_engine(database.update_query_dict({"sslrootcert": stranger}))
    with pytest.raises(OperationalError, match="certificate verify failed"):
        doubtful.connect()


def flower_says(flower: FlowerNode, page: str) -> str:
    token = b64encode(f"{flower.user}:{flower.password}".encode()).decode()
    asked = Request(flower.url + page, headers={"Authorization": f"Basic {token}"})
    with urlopen(asked, timeout=20) as answer:
        said: str = answer.read().decode()
        return said


def test_no_password_is_seen_where_people_look(shop, safe, client, workers, loaded):
    seen = {}
    with flower_node(shop.environment) as flower:
        bad = shop.job("SEEN", chunk_size=400) | {"max_error_rows": 0}
        no_key = "SELECT CASE WHEN id > 1 THEN id END AS id, name, city FROM customers"
        bad["source"] |= {"query": no_key}

        def heard() -> bool:
            """Flower, which says nothing of when it begins to listen."""
            run = client.wait(client.submit(bad), timeout=60)
            assert run.status is RunStatus.FAILED
            return "SEEN" in flower_says(flower, "/api/tasks")

        eventually(heard)
        seen |= {page: flower_says(flower, page) for page in (*PAGES, *ANSWERS)}
        seen["ps"] = str([process.info["cmdline"] for process in psutil.process_iter(["cmdline"])])
        seen["Flower's log"] = flower.child.log.read_text()
    seen |= {node.name: node.child.log.read_text() for node in workers}
    seen["broker"] = everything(safe.server.url)
    with shop.ledger.connect() as ledger:
        for table in inspect(ledger).get_table_names():
            seen[table] = str(ledger.execute(text(f"SELECT * FROM {table}")).all())
    assert "worker@one" in seen["/api/workers?refresh=1"]
    assert {"dms_prclog", "dms_joberr"} <= seen.keys()
    shown = [where for where, words in seen.items() for word in safe.passwords if word in words]
    assert shown == []


@pytest.mark.parametrize("variable", ["MAPPER_BROKER_URL", "MAPPER_METADATA_URL"])
@pytest.mark.parametrize("words", [["status"], ["run", "JOB"], ["worker"]])
def test_a_refused_login_shows_no_password(shop, safe, tmp_path, variable, words):
    wrong = {"MAPPER_BROKER_URL": PASSWORD, "MAPPER_METADATA_URL": safe.passwords[1]}[variable]
    url = shop.environment[variable].replace(wrong, "not-the-passw0rd")
    job = tmp_path / "job.yaml"
    job.write_text(str(shop.job("REFUSED")))
    program = ["celery", "-A", "worker_config"] if words == ["worker"] else ["mapper"]
    program[0] = str(Path(sys.executable).with_name(program[0]))
    command = [*program, *[str(job) if word == "JOB" else word for word in words]]
    environment = {**os.environ, **shop.environment, variable: url}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said, _ = process.communicate(timeout=8)
        except subprocess.TimeoutExpired:
            process.terminate()
            said, _ = process.communicate(timeout=30)
    assert said
    assert "not-the-passw0rd" not in said
    assert [word for word in safe.passwords if word in said] == []
