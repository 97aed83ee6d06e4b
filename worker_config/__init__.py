"""The roof: settings, connections, logs, and the Celery app of `celery -A worker_config`."""

from __future__ import annotations

from typing import Any

__all__ = ["app", "celery"]


def __getattr__(name: str) -> Any:
    """The app, made when it is first asked for: who needs only settings does not load Celery.

    Celery looks for `app`, which is also a module here, and then for `celery`.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from worker_config.app import app

    globals()["app"] = globals()["celery"] = app
    return app
