"""The place where a command works: this process, with the settings of its environment."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from worker_config import logs, site
from worker_config.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mapper_tasks.flow.site import Site


@contextmanager
def open_site() -> Iterator[Site]:
    """Ledger and databases of this environment. Raises BadSetting (MAP-5006)."""
    settings = read_settings()
    # What goes wrong is told as the command's result; stdout is for that result alone.
    logs.configure(settings, logging.CRITICAL)
    _see_modules_here()
    with site.open_site(settings=settings) as opened:
        yield opened


def knows_connections() -> bool:
    """Whether this environment has databases by name, or leaves them to the workers."""
    return bool(read_settings().connections)


def ledger_address() -> str:
    """The ledger's URL, without its password."""
    return repr(make_url(read_settings().metadata_url.get_secret_value()))


def _see_modules_here() -> None:
    """Find a job's Python modules in the working directory, as a worker does."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
