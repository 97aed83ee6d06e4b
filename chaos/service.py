"""A process that can be killed and begun again as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from mapper_tasks.demo.children import Account, Child, start


@dataclass
class Service:
    """A process under one name, whichever it is at the moment."""

    child: Child
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None  # whose process it is, where it is not ours
    orphaned: signal.Signals = signal.SIGKILL

    def begin(self) -> None:
        """Start it again with the same words in the same place."""
        if self.child.alive():
            return
        self.child = start(
            self.child.name,
            self.child.process.args,  # type: ignore[arg-type]  # a list, as it was started
            self.child.log.parent,
            environment=self.environment,
            account=self.account,
            farewell=self.child.farewell,
            orphaned=self.orphaned,
        )

    def kill(self) -> None:
        self.child.kill()

    def stop(self) -> None:
        self.child.stop()

    def shut_down_at_once(self) -> None:
        self.child.process.send_signal(signal.SIGQUIT)
        try:
            self.child.process.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
            time.sleep(1)  # its own processes notice, and let go of the shared memory

    def send(self, number: signal.Signals) -> None:
        """To the whole process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)

    def pool(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.child.pid).children()
        return []
