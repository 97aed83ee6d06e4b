"""Events of the flow and records of the libraries as lines: one event, one line, no secrets."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import structlog

from mapper_tasks.flow.events import TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import Processor

    from worker_config.settings import Settings

HIDDEN = "***"
# Userinfo of any URL, whoever logged it: scheme://user:password@host or scheme://:password@host.
_USERINFO = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*://)[^\s/@'\"]*:[^\s@'\"]*@")
_PASSWORD = re.compile(r"(?i)(?P<name>\b(?:password|passwd|pwd)\s*[=:]\s*)['\"]?[^\s'\",;&)]+")


class Scrubber:
    """Takes passwords out of text: those of known URLs as they are, others by their form."""

    def __init__(self, urls: Iterable[str] = ()) -> None:
        found = {spelling for url in urls for spelling in _passwords(url)}
        # The longest first: one password may contain another.
        spellings = sorted(found, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, spellings))) if spellings else None

    def __call__(self, text: str) -> str:
        text = _USERINFO.sub(rf"\g<scheme>{HIDDEN}@", text)
        text = _PASSWORD.sub(rf"\g<name>{HIDDEN}", text)
        return self._known.sub(HIDDEN, text) if self._known else text


def _passwords(url: str) -> set[str]:
    """The password of a URL, as written there and as a driver would quote it back."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return set()
    # A password of one or two letters stands in every line: its URL's form hides it already.
    return {p for p in (password, unquote(password)) if len(p) > 2} if password else set()


class OneLine(logging.Formatter):
    """Renders a record, from structlog or not, and scrubs the finished text."""

    def __init__(self, render: logging.Formatter, scrub: Scrubber) -> None:
        super().__init__()
        self._render, self._scrub = render, scrub

    def format(self, record: logging.LogRecord) -> str:
        return self._scrub(self._render.format(record)).replace("\n", "\\n")


def _facts() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


# Hands its events to Python's logging: a program that uses the client decides what is shown.
_log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("mapper"),
    processors=[
        structlog.stdlib.filter_by_level,
        *_facts(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
)


def tell(event: str, **facts: Any) -> None:
    """Log one event of a run; its words are those of flow/events."""
    _log.log(logging.WARNING if event in TROUBLES else logging.INFO, str(event), **facts)


def configure(settings: Settings, level: int | str = logging.INFO) -> None:
    """Send every log record of this process to stderr, one line each, scrubbed."""
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_facts(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _renderer(settings.log_format),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(render, Scrubber(settings.secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Celery's default level is WARNING; the events of runs are what a worker's log is for.
    quiet = root.level == logging.WARNING
    logging.getLogger("mapper").setLevel(logging.INFO if quiet else logging.NOTSET)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(sort_keys=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
