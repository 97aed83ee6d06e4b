"""The only place that reads a clock. Leases never use it: they live in the ledger's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def utcnow() -> datetime:
    """The current moment, timezone-aware, in UTC, at microseconds."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back, for measuring durations."""
    return time.monotonic()
