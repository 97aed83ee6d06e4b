"""Three rounds of chaos with a fixed seed; `./dev chaos --rounds 200` plays as many as you like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED, KEYS = "7", "500"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_round_ends_by_itself_and_right():
    command = [sys.executable, "-m", "chaos", "--rounds", "3", "--seed", SEED, "--keys", KEYS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| rounds | 3 |" in done.stdout
    assert "| wrong ends | 0 |" in done.stdout
    assert "| hangs | 0 |" in done.stdout
