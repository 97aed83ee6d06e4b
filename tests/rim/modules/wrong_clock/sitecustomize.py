"""Imported by a Python that finds it first: its clocks are wrong by some hours."""

import os
import time
from datetime import timedelta

from mapper_tasks.model import clock

WRONG = timedelta(hours=int(os.environ["HOURS_WRONG"]))
real_time, real_utcnow = time.time, clock.utcnow

time.time = lambda: real_time() + WRONG.total_seconds()
clock.utcnow = lambda: real_utcnow() + WRONG
