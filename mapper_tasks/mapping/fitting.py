"""Which kinds of types can be stored in which, and which keys can be compared. Pure."""

from __future__ import annotations

from mapper_tasks.model.shape import Kind

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMERIC, Kind.FLOAT})
_MOMENTS = frozenset({Kind.TIMESTAMP, Kind.TIMESTAMPTZ})

# Beside its own kind, and beside text, which takes everything and gives what each row allows.
_STORABLE: dict[Kind, frozenset[Kind]] = {
    Kind.INTEGER: _NUMBERS,
    Kind.NUMERIC: _NUMBERS,
    Kind.FLOAT: _NUMBERS,
    Kind.DATE: _MOMENTS,
    Kind.TIMESTAMP: _MOMENTS,
    Kind.TIMESTAMPTZ: _MOMENTS,
    Kind.TIME: frozenset({Kind.INTERVAL}),
}

_KEYS: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.INTEGER, Kind.NUMERIC}),
    frozenset({Kind.DATE, *_MOMENTS}),
)

# What a database without types of its own for them keeps as ISO text, in the right order.
_KEPT_AS_TEXT = frozenset({Kind.DATE, Kind.TIME, Kind.UUID, *_MOMENTS})


def storable(given: Kind, stored: Kind) -> bool:
    """Whether values of one kind can be stored as another without loss; rows decide the rest.

    >>> storable(Kind.TIMESTAMP, Kind.DATE), storable(Kind.TEXT, Kind.DATE)
    (False, True)
    """
    either = {given, stored}
    if given is stored or Kind.TEXT in either or Kind.OTHER in either:
        return True
    return stored in _STORABLE.get(given, frozenset())


def same_key(given: Kind, stored: Kind, *, strict: bool) -> bool:
    """Whether keys of these kinds are equal and ordered alike on both sides.

    Not `strict`: one of the sides keeps times and UUIDs as text.
    """
    either = {given, stored}
    if given is stored or Kind.OTHER in either or any(either <= family for family in _KEYS):
        return True
    if given is Kind.UUID and stored is Kind.TEXT:
        return True
    return not strict and Kind.TEXT in either and bool(either & _KEPT_AS_TEXT)
