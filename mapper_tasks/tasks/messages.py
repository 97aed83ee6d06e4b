"""What a message asks for. It may come from anybody, so it is checked before it is believed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mapper_tasks.model.errors import BadMessage
from mapper_tasks.model.job import Job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OURS = "mapper."  # how the names of our tasks begin
FORM = 1
"""The form of the messages. One more whenever a worker of before could not follow them."""
FORM_HEADER = "mapper_form"  # a message without it, as from a foreign program, has the first form

MOST_BYTES = 1_000_000  # of a job; large ones are of some thousand
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A coordinator is asked for: for a run that is written already, or for a job."""

    prcid: int | None = None
    job: Job | None = None
    wait_for_target: bool = False


def is_newer(headers: Mapping[str, Any] | None) -> bool:
    """Whether a later mapper sent it, in a form that this one cannot follow."""
    form = (headers or {}).get(FORM_HEADER, 1)
    return isinstance(form, int) and form > FORM


def is_ours(headers: Mapping[str, Any] | None) -> bool:
    """Whether it names a task of mapper, though perhaps one of a later version."""
    return str((headers or {}).get("task", "")).startswith(OURS)


def read_asked(args: Sequence[Any], message: Mapping[str, Any]) -> Asked:
    """Raises BadMessage (MAP-5012) or JobInvalid (MAP-1001)."""
    _refuse_others(args, message, {"prcid", "job", "wait_for_target"})
    prcid, job = message.get("prcid"), message.get("job")
    waits = message.get("wait_for_target", False)
    if (prcid is None) == (job is None):
        raise BadMessage("give `job`, or the `prcid` of a run that is written already")
    if not isinstance(waits, bool):
        raise BadMessage("wait_for_target: expected true or false")
    if job is None:
        return Asked(prcid=_number("prcid", prcid))
    return Asked(job=_job(job), wait_for_target=waits)


def read_numbers(args: Sequence[Any], message: Mapping[str, Any], *names: str) -> list[int]:
    """The named numbers of a message of our own. Raises BadMessage (MAP-5012)."""
    _refuse_others(args, message, set(names))
    return [_number(name, message.get(name)) for name in names]


def _refuse_others(args: Sequence[Any], message: Mapping[str, Any], known: set[str]) -> None:
    if args:
        raise BadMessage("expected arguments by name only")
    if others := sorted(message.keys() - known):
        shown = ", ".join(repr(name[:50]) for name in others[:5])
        raise BadMessage(f"expected {', '.join(sorted(known))}; got {shown}")


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST:
        raise BadMessage(f"{name}: expected the number of one")
    return value


def _job(spec: Any) -> Job:
    if not isinstance(spec, dict):
        raise BadMessage("job: expected an object")
    size = len(json.dumps(spec))
    if size > MOST_BYTES:
        raise BadMessage(f"job: {size} bytes; expected at most {MOST_BYTES}")
    return Job.read(spec)
