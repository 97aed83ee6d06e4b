"""Starting, watching and stopping one server process."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapper_tasks.demo.leash import leash
from mapper_tasks.model.errors import ServerNotStarted

# What these programs would read on their own, and what belongs to the caller's installation.
_FOREIGN = ("MAPPER_", "CELERY_", "FLOWER_", "PG")
_PORT_ATTEMPTS = 5
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Account:
    """A user without rights, for a server that refuses to run as root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Child:
    """A started process, its log, and the signal that asks it to stop."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    farewell: signal.Signals

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        if self.alive():
            self.process.send_signal(self.farewell)

    def stop(self, grace_seconds: float = 10.0) -> None:
        """Ask it to stop; after the grace kill it with everything it started."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(grace_seconds)
        self.kill()

    def kill(self) -> None:
        """Kill the whole process group at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


def start(
    name: str,
    command: Sequence[str | Path],
    place: Path,
    *,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    farewell: signal.Signals = signal.SIGTERM,
    orphaned: signal.Signals = signal.SIGKILL,
) -> Child:
    """Start a process in `place` that logs there and ends with us.

    `farewell` asks it to stop, `orphaned` reaches it when we are gone.
    """
    if threading.current_thread() is not threading.main_thread():
        # The kernel takes the end of the starting thread for the end of the parent.
        raise RuntimeError("start servers from the main thread")
    log = place / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            [str(word) for word in command],
            cwd=place,
            # What it leaves behind when it is killed is swept with the place.
            env=child_environment({"TMPDIR": str(place), **(environment or {})}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we stop them in order
            preexec_fn=leash(orphaned),  # noqa: PLW1509
            **_as(account),
        )
    return Child(name, process, log, farewell)


def start_on_a_free_port(
    begin: Callable[[int], Child], ready: Callable[[int], bool], seconds: float = 30.0
) -> tuple[int, Child]:
    """Start a server on some free loopback port, and again when another takes it first."""
    for _ in range(_PORT_ATTEMPTS - 1):
        try:
            return _start_on(free_port(), begin, ready, seconds)
        except ServerNotStarted as error:
            if "in use" not in error.message:
                raise
    return _start_on(free_port(), begin, ready, seconds)


def _start_on(
    port: int, begin: Callable[[int], Child], ready: Callable[[int], bool], seconds: float
) -> tuple[int, Child]:
    child = begin(port)
    try:
        wait_until(lambda: ready(port), [child], seconds)
    except BaseException:
        child.stop()
        raise
    return port, child


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], children: Sequence[Child], seconds: float) -> None:
    """Wait for `ready`; ServerNotStarted with the log's tail when a child ends or time does."""
    deadline = time.monotonic() + seconds
    while not ready():
        for child in children:
            if not child.alive():
                raise ServerNotStarted(f"{child.name} ended at once. Its log:\n{child.tail()}")
        if time.monotonic() > deadline:
            logs = "\n".join(f"{child.name}:\n{child.tail()}" for child in children)
            raise ServerNotStarted(f"no answer within {seconds:.0f} s. Logs:\n{logs}")
        time.sleep(_POLL_SECONDS)


def run_to_the_end(command: Sequence[str | Path], place: Path, account: Account | None) -> None:
    """Run a set-up program; ServerNotStarted with what it printed when it fails."""
    done = subprocess.run(  # noqa: S603
        [str(word) for word in command],
        cwd=place,
        env=child_environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        preexec_fn=leash(signal.SIGKILL),
        **_as(account),
    )
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip()
        raise ServerNotStarted(f"{Path(command[0]).name} failed:\n{said}")


def child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Our environment without the variables of anybody's installation, plus `extra`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return own | {"LC_ALL": "C.UTF-8"} | dict(extra)


def unprivileged_account() -> Account | None:
    """The user `nobody` where we are root; None where we are not, and need no other."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def _as(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
