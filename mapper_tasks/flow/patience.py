"""What a passing fault costs: a pause that doubles, a little by chance, until patience ends."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_PAUSE = 20.0
PLANNING_ATTEMPTS = 8


def pause_after(attempt: int) -> float:
    """Seconds to wait after the attempt of this number, from 1: 2, 4, 8, 16, then 20, or half more.

    By chance, so that those who met in a deadlock, or all lost one database, do not meet again.
    """
    return min(2.0**attempt, LONGEST_PAUSE) * random.uniform(1.0, 1.5)  # noqa: S311


def pause_for_the_ledger(attempt: int) -> float:
    """Seconds to wait for a ledger that did not answer: 45, 90, 180, then 300, or half more.

    Longer than a claim lives, so that the claim of the attempt that met the fault is over.
    """
    return min(22.5 * 2.0**attempt, 300.0) * random.uniform(1.0, 1.5)  # noqa: S311


def patiently(
    sleep: Callable[[float], None],
    passes: Callable[[BaseException], bool],
    on_fault: Callable[[int, BaseException], None],
) -> Retrying:
    """Calls again what met a fault that passes; `on_fault` hears of each attempt and its fault."""

    def tell(state: RetryCallState) -> None:
        if state.outcome is not None and (fault := state.outcome.exception()) is not None:
            on_fault(state.attempt_number, fault)

    return Retrying(
        retry=retry_if_exception(passes),
        stop=stop_after_attempt(PLANNING_ATTEMPTS),
        wait=lambda state: pause_after(state.attempt_number),
        sleep=sleep,
        before_sleep=tell,
        reraise=True,
    )
