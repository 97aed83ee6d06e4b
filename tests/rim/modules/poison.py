"""A function of a job that takes its process down."""

import os
import signal

FATAL = 7


def fatal(row):
    if row["id"] == FATAL:
        os.kill(os.getpid(), signal.SIGKILL)
    return row["name"]
