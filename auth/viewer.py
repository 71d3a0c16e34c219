"""Who asks."""

from datetime import datetime
from typing import NewType

import msgspec

from auth.right import Rights

UserId = NewType("UserId", int)
CustomerCode = NewType("CustomerCode", str)
TokenId = NewType("TokenId", str)


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """A User with a valid access token.

    ``accounts``, ``locations`` and ``solutions`` are the User's data scopes (identity.md "Rights"): the ids
    it may see, None for all of the customer's; an empty set is none at all. ``rights`` are what it may do.
    """

    user_id: UserId
    username: str
    email: str
    customer: CustomerCode
    accounts: frozenset[str] | None
    locations: frozenset[str] | None
    solutions: frozenset[str] | None
    rights: Rights
    token_id: TokenId
    expires_at: datetime
