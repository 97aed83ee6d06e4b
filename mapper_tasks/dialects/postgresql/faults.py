"""PostgreSQL's faults, told apart by their codes."""

from __future__ import annotations


def sqlstate(fault: BaseException) -> str | None:
    """The code of the server's fault within SQLAlchemy's; None: it comes from elsewhere."""
    return getattr(getattr(fault, "orig", None) or fault, "sqlstate", None)
