"""The image and the services around it, as far as they can be told without an engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PASSWORDS = {f"MAPPER_{name}_PASSWORD": "x" for name in ("REDIS", "POSTGRES", "FLOWER")}
BY_DEFAULT = {"redis", "postgres", "ledger", "worker", "flower"}
PROFILES = {"oracle", "mariadb", "rabbitmq"}


def test_there_are_two_workers_by_default_and_databases_only_when_asked_for():
    assert {name for name, one in SERVICES.items() if "profiles" not in one} == BY_DEFAULT
    assert {name for name, one in SERVICES.items() if one.get("profiles") == [name]} == PROFILES
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert not {"container_name", "ports"} & set(SERVICES["worker"]), "it is scaled"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"ledger"}))
def test_every_service_that_stays_tells_its_health(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_ports_are_open_to_this_machine_only():
    ports = [port for one in SERVICES.values() for port in one.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_no_password_stands_in_the_file_or_has_a_default():
    asked = re.findall(r"\$\{(\w+_PASSWORD)(:?[-?+])?(.*?)\}", COMPOSE)
    assert {name for name, _, _ in asked} > set(PASSWORDS)
    for name, how, words in asked:
        needed = name in PASSWORDS
        assert (how, words) == (":?", "set it") if needed else how in ("", ":-", ":+")
        assert how != ":-" or not words
    for one in SERVICES.values():
        secret = [key for key in one.get("environment", {}) if re.search("PASS|AUTH", key)]
        assert all(one["environment"][key].startswith("${MAPPER_") for key in secret)


def test_the_image_is_pinned_and_runs_as_nobody_special():
    steps = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if re.match("[A-Z]", line)]
    base = next(words for step, words in steps if step == "FROM")
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)
    assert [words for step, words in steps if step == "USER"] == ["10001"]
    installs = [words for step, words in steps if step == "RUN" and "pip install" in words]
    assert all("--require-hashes" in words or "--no-deps" in words for words in installs)
    copied = [words.split()[:-1] for step, words in steps if step == "COPY"]
    assert all((ROOT / path).exists() for paths in copied for path in paths)


def test_every_image_is_one_minor_version_and_the_workflow_has_the_same():
    images = {name: one["image"] for name, one in SERVICES.items() if "build" not in one}
    assert [one for one in images.values() if not re.search(r":\d+\.\d+(\.\d+)?(-|$)", one)] == []
    workflow = yaml.safe_load((ROOT / ".github/workflows/oracle.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["server"]["services"]["oracle"]["image"] == images["oracle"]


def test_the_page_and_the_workflow_know_one_login_of_oracle():
    page = (ROOT / "docs/databases.md").read_text(encoding="utf-8")
    workflow = (ROOT / ".github/workflows/oracle.yml").read_text(encoding="utf-8")
    [told] = re.findall(r"MAPPER_TEST_ORACLE_URL=\"(.+)\"", page)
    [used] = re.findall(r"MAPPER_TEST_ORACLE_URL: (.+)", workflow)
    assert told.replace("$MAPPER_ORACLE_PASSWORD", "only_for_this_job") == used
