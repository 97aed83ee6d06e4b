"""Numbers of Python that no server counts with."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def is_finite(value: float | Decimal) -> bool:
    """Whether it is a number, and not infinite; a signaling NaN may not even be compared.

    >>> from decimal import Decimal
    >>> is_finite(Decimal("sNaN")), is_finite(float("inf")), is_finite(Decimal("1e999"))
    (False, False, True)
    """
    return isfinite(value) if isinstance(value, float) else value.is_finite()
