"""Data scopes: what of a customer a User, or a partner's client, may see (identity.md "Rights")."""

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec


class DataScopes(msgspec.Struct, frozen=True, kw_only=True):
    """The ids that may be seen, None for all of the customer's; an empty set is none at all."""

    accounts: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    solutions: frozenset[str] | None = None


Scoped = TypeVar("Scoped", bound=DataScopes)

NOTHING: Final = DataScopes(accounts=frozenset(), locations=frozenset(), solutions=frozenset())
"""What shows nothing."""


def with_scopes(bearer: Scoped, scopes: DataScopes) -> Scoped:
    """Give *bearer* with these data scopes in place of its own."""
    return msgspec.structs.replace(
        bearer, accounts=scopes.accounts, locations=scopes.locations, solutions=scopes.solutions
    )


def common(one: DataScopes, other: DataScopes) -> DataScopes:
    """Give what both show."""
    return DataScopes(
        accounts=_both(one.accounts, other.accounts),
        locations=_both(one.locations, other.locations),
        solutions=_both(one.solutions, other.solutions),
    )


def is_beyond(before: Sequence[DataScopes], after: DataScopes) -> bool:
    """Tell whether *after* shows anything that none of *before* shows."""
    return (
        _has_more([each.accounts for each in before], after.accounts)
        or _has_more([each.locations for each in before], after.locations)
        or _has_more([each.solutions for each in before], after.solutions)
    )


def encoded(scopes: DataScopes) -> str:
    """Give data scopes as they are stored: JSON, ids in order."""
    sets = {"accounts": scopes.accounts, "locations": scopes.locations, "solutions": scopes.solutions}
    written = {name: None if ids is None else sorted(ids) for name, ids in sets.items()}
    return msgspec.json.encode(written).decode()


def decoded(stored: str) -> DataScopes:
    """Give data scopes that were stored; raises ``KeyError`` where one is missing, which would be all."""
    found = msgspec.json.decode(stored, type=dict[str, frozenset[str] | None])
    return DataScopes(accounts=found["accounts"], locations=found["locations"], solutions=found["solutions"])


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Give the ids in both; None is all."""
    if one is None:
        return other
    return one if other is None else one & other


def _has_more(before: Sequence[frozenset[str] | None], after: frozenset[str] | None) -> bool:
    """Tell whether *after* has ids that none of *before* has; None is all."""
    if None in before:
        return False
    return after is None or not after <= frozenset().union(*(each for each in before if each is not None))
