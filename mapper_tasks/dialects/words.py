"""Reserved words that SQLAlchemy does not know of, so that columns may be called by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Dialect


def reserve(dialect: Dialect, words: Iterable[str]) -> None:
    """Have identifiers of these names quoted."""
    known = dialect.identifier_preparer.reserved_words
    dialect.identifier_preparer.reserved_words = {*known, *words}
