"""One moment of a database, seen by several transactions: where the database can."""

from __future__ import annotations

from abc import ABC
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mapper_tasks.model.errors import NoSharedMoment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class KeptMoment:
    """A moment that is kept readable.

    `token` is what other transactions name it by: text of at most 100 characters. `look` raises
    what the database raises when the moment cannot be kept any longer.
    """

    token: str
    look: Callable[[], None]


class Moments(ABC):
    """How several transactions read one moment; by default they cannot.

    A database whose past can be named by a number (Oracle's SCN) has nothing to keep: its
    `keeping_moment` gives the number, and `look` does nothing.
    """

    shares_moments: ClassVar[bool] = False
    """Whether the two methods below work."""
    kind: ClassVar[str]

    def keeping_moment(self) -> AbstractContextManager[KeptMoment]:
        """The present moment, readable by any transaction for as long as the block lasts."""
        raise NoSharedMoment(f"{self.kind} has no moment that several transactions can read")

    def reading_at(self, moment: str) -> AbstractContextManager[Connection]:
        """A transaction like that of `reading`, which sees the moment of this token.

        Raises MomentGone (MAP-4005) when nobody keeps it any longer.
        """
        raise NoSharedMoment(f"{self.kind} cannot read moment {moment!r}")
