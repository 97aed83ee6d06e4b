"""A person at a terminal: `mapper` in a directory of their own, with their environment."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from mapper_tasks.cli import main

MAPPER = (sys.executable, "-c", "from mapper_tasks.cli import main; main()")


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, Any]:
        """The one object of --json: stdout's last line."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


@dataclass
class Terminal:
    """Types commands. `home` is the working directory; a variable that is None is taken out."""

    home: Path
    environment: dict[str, str | None] = field(default_factory=dict)

    def mapper(self, *words: str, typed: str | None = None) -> Answer:
        """In this process, which is quick; the log's set-up is undone afterwards."""
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.home)
            try:
                done = CliRunner().invoke(main, words, input=typed, env=self.environment)
            finally:
                root.handlers[:] = handlers
                root.setLevel(level)
        return Answer(done.exit_code, done.stdout, done.stderr)

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """In a process of its own."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(
            [*MAPPER, *words], cwd=self.home, env=self._whole_environment, text=True, **pipes
        )

    def in_own_process(self, *words: str) -> Answer:
        process = self.begin(*words)
        out, err = process.communicate(timeout=120)
        return Answer(process.returncode, out, err)

    def write(self, name: str, job: Mapping[str, Any]) -> str:
        (self.home / name).write_text(yaml.safe_dump(dict(job)), encoding="utf-8")
        return name

    @property
    def _whole_environment(self) -> dict[str, str]:
        root = str(Path(__file__).parents[2])
        chosen = {**os.environ, "PYTHONPATH": root, **self.environment}
        return {name: value for name, value in chosen.items() if value is not None}
