"""Who asks."""

from datetime import datetime
from typing import NewType

from auth.data_scope import DataScopes
from auth.right import Rights

UserId = NewType("UserId", int)
CustomerCode = NewType("CustomerCode", str)
TokenId = NewType("TokenId", str)
ClientId = NewType("ClientId", str)


class Viewer(DataScopes, frozen=True, kw_only=True):
    """A User, or a partner's client, with a valid access token.

    ``client`` is who holds the token: with a User, the application it signed in to. A client that acts for
    itself has neither ``user_id`` nor ``email``, and its id is its ``username``. ``scope`` is what the token
    allows (``auth.scope``), further bounded by what the User or the client may do; "portal" is everything.
    ``strict`` is whether the client is told of fields that coverage hides as of unknown ones.
    ``sid`` is the authorization that the token came from, "" for none; ``issued_at`` when it was issued, in
    seconds since 1970.
    ``rights`` are what it may do. A data scope that is left out is nothing, not all.
    """

    user_id: UserId | None
    username: str
    email: str | None
    customer: CustomerCode
    accounts: frozenset[str] | None = frozenset()
    locations: frozenset[str] | None = frozenset()
    solutions: frozenset[str] | None = frozenset()
    rights: Rights
    token_id: TokenId
    expires_at: datetime
    client: ClientId | None = None
    scope: str = ""
    sid: str = ""
    strict: bool = False
    issued_at: int = 0
