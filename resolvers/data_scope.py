"""Data scopes as administrators give and see them: global ids, of what they see themselves."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from auth.data_scope import DataScopes
from resolvers.context import Context
from resolvers.errors import BadUserInputError
from resolvers.node import NO_KEY, global_name, key_of, loader


class DataScope(NamedTuple):
    """The ids that may be seen, None for all of the customer's."""

    billing_accounts: Sequence[str] | None
    locations: Sequence[str] | None
    solutions: Sequence[str] | None


class GivenScope(Protocol):
    """Global ids of what may be seen, None for all of the customer's."""

    @property
    def billing_accounts(self) -> Sequence[str] | None:
        """The billing accounts."""
        ...

    @property
    def locations(self) -> Sequence[str] | None:
        """The locations."""
        ...

    @property
    def solutions(self) -> Sequence[str] | None:
        """The Solutions."""
        ...


_ALL = DataScope(None, None, None)


async def given(context: Context, scope: GivenScope | None) -> DataScopes:
    """Give the data scopes that *scope* names of what the asker sees, all of that where there is none.

    None, for all, is all of what the asker sees: nobody makes another see more. Raises ``BadUserInputError``
    for an id of nothing that the asker sees.
    """
    named: GivenScope | DataScope = _ALL if scope is None else scope
    own = context.viewer
    return DataScopes(
        accounts=await _keys(
            context, "BillingAccount", named.billing_accounts, own.accounts, "billingAccounts"
        ),
        locations=await _keys(context, "Location", named.locations, own.locations, "locations"),
        solutions=await _keys(context, "Solution", named.solutions, own.solutions, "solutions"),
    )


def shown(scopes: DataScopes) -> DataScope:
    """Give data scopes as global ids, in order."""
    return DataScope(
        _ids("BillingAccount", scopes.accounts),
        _ids("Location", scopes.locations),
        _ids("Solution", scopes.solutions),
    )


async def _keys(
    context: Context, kind: str, ids: Sequence[str] | None, own: Collection[str] | None, name: str
) -> frozenset[str] | None:
    """Give the keys that the global *ids* name, which stand in the input *name* of the scope."""
    if ids is None:
        return None if own is None else frozenset(own)
    keys = [key_of(kind, each) for each in ids]
    found = await loader(context, kind).load_many([each for each in keys if each != NO_KEY])
    if NO_KEY in keys or None in found:
        message = f"`scope.{name}` has an id of no {kind} that you see."
        raise BadUserInputError(message, ["scope", name], "UNKNOWN_ID")
    return frozenset(keys)


def _ids(kind: str, keys: Collection[str] | None) -> Sequence[str] | None:
    return None if keys is None else [global_name(kind, key) for key in sorted(keys)]
