"""The Python functions that a job names, taken from allowed modules only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mapper_tasks.model.errors import ForbiddenFunction

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapper_tasks.model.job import Job


def resolve(job: Job, allowed: frozenset[str]) -> dict[str, Callable[[dict[str, Any]], Any]]:
    """`module:name` -> function, for every function the job names.

    Raises ForbiddenFunction (MAP-1009) for the first that is not allowed or not there.
    """
    paths = [rule.python for rule in job.target.columns.values()] + [job.transform]
    return {path: _function(path, allowed) for path in dict.fromkeys(paths) if path}


def _function(path: str, allowed: frozenset[str]) -> Callable[[dict[str, Any]], Any]:
    module_name, name = path.split(":")
    if module_name not in allowed:
        raise ForbiddenFunction(f"{path}: module {module_name!r} is not allowed")
    try:
        found: Any = getattr(import_module(module_name), name)
    except ModuleNotFoundError as missing:
        raise ForbiddenFunction(f"{path}: there is no module {missing.name!r}") from None
    except AttributeError:
        raise ForbiddenFunction(f"{path}: there is no {name!r} in it") from None
    # What an allowed module has merely imported is not allowed with it.
    origin = getattr(found, "__module__", None)
    if not callable(found) or origin not in allowed:
        raise ForbiddenFunction(f"{path}: this is no function of an allowed module")
    function: Callable[[dict[str, Any]], Any] = found
    return function
