"""The image and the services around it, as far as they can be told without an engine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
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


def compose(*words, **passwords):
    """Docker Compose's own reading of the file; it needs no engine for that."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose here; the schema of the file is not checked")
    version = subprocess.check_output([program, "version", "--short"], text=True)
    if version.lstrip("v").startswith("1."):
        pytest.skip("this docker-compose is older than the Compose specification")
    environment = {"PATH": os.environ["PATH"], **passwords}
    command = [program, "--project-directory", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


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


def test_docker_compose_takes_the_file_with_each_profile():
    profiles = [word for one in sorted(PROFILES) for word in ("--profile", one)]
    found = compose(*profiles, "config", "--services", **PASSWORDS)
    assert (found.returncode, set(found.stdout.split())) == (0, BY_DEFAULT | PROFILES)


def test_docker_compose_names_a_password_that_is_missing():
    found = compose("config", "--quiet")
    assert found.returncode != 0
    assert all(name in found.stderr for name in PASSWORDS)


def test_a_connection_is_there_only_where_its_profile_has_a_password():
    there = compose("config", **PASSWORDS, MAPPER_ORACLE_PASSWORD="y").stdout
    assert "oracle+oracledb://mapper:y@oracle:1521/?service_name=FREEPDB1" in there
    assert 'MAPPER_CONNECTIONS__MARIADB: ""' in there
