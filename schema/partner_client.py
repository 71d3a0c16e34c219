"""The OAuth clients of a customer's partners, as its administrators see and change them."""

from datetime import datetime
from typing import Final

from auth.client import ClientKind
from auth.feature import ADMINISTRATION, ALWAYS
from schema.enum import described
from schema.field import argument, field
from schema.node import object_type
from schema.user import DataScope

described(
    ClientKind,
    "How a client gets its access tokens.",
    ALWAYS,
    named="PartnerClientKind",
    BROWSER="For a User, from a page or an application that keeps no secret: code and PKCE.",
    WEB="For a User, from a server that has a secret: code and PKCE.",
    SERVICE="For itself, with its secret: client credentials.",
)


@object_type("A secret of a client; what it is, is told once, when it is made.", ADMINISTRATION)
class ClientSecret:
    """A secret."""

    created_at: datetime = field("When it was made.", ADMINISTRATION)
    expires_at: datetime = field("When it can be used no longer.", ADMINISTRATION)


@object_type("An application of a partner, that asks for the customer.", ADMINISTRATION)
class PartnerClient:
    """A client."""

    client_id: str = field("Its `client_id`.", ADMINISTRATION)
    name: str = field("Its name, as Users are shown it.", ADMINISTRATION)
    kind: ClientKind = field("How it gets its access tokens.", ADMINISTRATION)
    active: bool = field("Whether it may see anything of the customer.", ADMINISTRATION)
    strict: bool = field(
        "Whether fields that are hidden are unknown to it, where it names no `Coverage-Mode`.", ADMINISTRATION
    )
    scopes: list[str] = field("The scopes that it was granted of the customer.", ADMINISTRATION)
    redirect_uris: list[str] = field("Where Users come back to after they signed in.", ADMINISTRATION)
    scope: DataScope = field("What of the customer it may see.", ADMINISTRATION)
    secrets: list[ClientSecret] = field(
        "Its secrets, the newest first; empty of others' clients.", ADMINISTRATION
    )


@object_type("A client with a secret that is told this once.", ADMINISTRATION)
class NewClientSecret:
    """A new secret."""

    client: PartnerClient = field("The client.", ADMINISTRATION)
    secret: str | None = field(
        "Its secret: keep it now, it is told this once; null for a client that has none.", ADMINISTRATION
    )


CLIENT_ID: Final = argument("client_id", str, "The client's `client_id`.", ALWAYS)
SCOPES: Final = argument(
    "scopes", list[str], "Such as `incidents` (read and change) or `billing:readonly`.", ALWAYS
)
