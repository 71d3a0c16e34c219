"""OAuth clients: the applications that ask for tokens, the operator's own and those of partners."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from auth.data_scope import DataScopes
from auth.key import Secret
from auth.scope import PORTAL, SCOPES
from auth.viewer import ClientId, CustomerCode

OPERATOR: Final = ""
"""The owner of a client that is the operator's."""
MAX_NAME: Final = 128
"""How long a name may be."""
MAX_URI: Final = 512
"""How long a registered address may be."""
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
"""The hosts of a native application's own listener (RFC 8252 section 7.3); a name may be anybody's."""

_ID: Final = re.compile(r"[a-z0-9](-?[a-z0-9]){0,62}")
_NATIVE_SCHEME: Final = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
"""A private-use scheme is a domain name backwards (RFC 8252 section 7.1)."""
_ADDRESS: Final = re.compile(r"[\x21-\x7e]+")


class ClientError(Exception):
    """A client that cannot be registered as it is described; the message says why."""


class ClientKind(Enum):
    """How a client gets its tokens."""

    BROWSER = "BROWSER"
    """For a User, from a page or an application that cannot keep a secret: code and PKCE."""
    WEB = "WEB"
    """For a User, from a server that has a secret: code and PKCE."""
    SERVICE = "SERVICE"
    """For itself, with its secret: client credentials."""


class CoverageMode(Enum):
    """What is answered to a client that asks for what coverage hides."""

    STRICT = "strict"
    PRUNE = "prune"


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A client as it is registered.

    ``owner`` is the customer whose administrators manage it, ``OPERATOR`` for none; ``first_party`` is the
    operator's own, which no User is asked to allow. ``scopes`` are the most that it may ask for.
    """

    id: ClientId
    name: str
    kind: ClientKind
    owner: str = OPERATOR
    first_party: bool = False
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    coverage: CoverageMode = CoverageMode.PRUNE
    active: bool = True


class SecretHash(msgspec.Struct, frozen=True, kw_only=True):
    """A secret of a client, hashed; times are in seconds since 1970."""

    hash: str
    created_at: int
    expires_at: int


class ClientGrant(DataScopes, frozen=True, kw_only=True):
    """What a client may see of a customer: OAuth ``scopes``, and data scopes as a User has them."""

    customer: CustomerCode
    scopes: tuple[str, ...]
    active: bool = True


class RegisteredClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client with its secrets, the newest first, and its grants, by customer."""

    client: Client
    secrets: tuple[SecretHash, ...] = ()
    grants: Mapping[CustomerCode, ClientGrant] = {}

    def has_secret(self, secret: str, now: int) -> bool:
        """Tell whether *secret* is one of the client's that has not expired; takes as long for any."""
        digest = hashed(secret)
        found = [compare_digest(each.hash, digest) and now < each.expires_at for each in self.secrets]
        return any(found)

    def granted(self) -> Sequence[ClientGrant]:
        """Give the grants that are in force, by customer."""
        return [each for _, each in sorted(self.grants.items()) if each.active]


def make_secret() -> Secret:
    """Make a client's secret: 256 random bits."""
    return Secret(token_urlsafe(32))


def hashed(token: str) -> str:
    """Give what is stored of a secret, a code or a refresh token: its SHA-256.

    A slow hash protects what people think up, and what can be guessed; 256 random bits cannot.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def check_client(client: Client) -> None:
    """Raise ``ClientError`` where *client* cannot be registered."""
    if not _ID.fullmatch(client.id):
        raise ClientError("An id has small letters, digits and single dashes, 63 at the most.")
    if not client.name.strip() or len(client.name) > MAX_NAME or not client.name.isprintable():
        raise ClientError(f"A name has {MAX_NAME} characters at the most, and none that cannot be seen.")
    if unknown := [each for each in client.scopes if each not in SCOPES]:
        raise ClientError(f"There is no scope {unknown[0]!r}.")
    if client.first_party and client.owner != OPERATOR:
        raise ClientError("Only the operator's own clients are first-party.")
    if PORTAL in client.scopes and client.owner != OPERATOR:
        raise ClientError("Only the operator's own clients may do all that a User may.")
    if client.kind is ClientKind.SERVICE and (client.redirect_uris or client.logout_uris):
        raise ClientError("A SERVICE client has no addresses to redirect to.")
    if client.kind is not ClientKind.SERVICE and not client.redirect_uris:
        raise ClientError("A client that Users sign in to needs an address to redirect to.")
    for each in (*client.redirect_uris, *client.logout_uris):
        _check_uri(each, client.kind)


def redirects_to(client: Client, uri: str) -> bool:
    """Tell whether *uri* is one that *client* registered: exactly, but for the port of a native loopback."""
    if uri in client.redirect_uris:
        return True
    if client.kind is not ClientKind.BROWSER:
        return False
    asked = _native(uri)
    return asked is not None and asked in map(_native, client.redirect_uris)


def _native(uri: str) -> str | None:
    """Give *uri* without its port where it is a native application's loopback address, else None."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if not _is_loopback(parts) or parts.fragment or "@" in parts.netloc or "#" in uri:
        return None
    written = f"[{parts.hostname}]" if parts.hostname == "::1" else str(parts.hostname)
    if parts.netloc != (written if port is None else f"{written}:{port}"):
        return None
    return uri.replace(parts.netloc, written, 1)


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def _check_uri(uri: str, kind: ClientKind) -> None:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise ClientError(f"{uri!r} is no address.") from None
    if not _ADDRESS.fullmatch(uri) or len(uri) > MAX_URI or "\\" in uri or port == 0:
        raise ClientError(f"{uri!r} is no address.")
    if "#" in uri or "*" in uri or "@" in parts.netloc:
        raise ClientError(f"{uri!r}: an address has no fragment, no wildcard and no user.")
    local = _is_loopback(parts) or (parts.scheme == "http" and parts.hostname == "localhost")
    native = kind is ClientKind.BROWSER and _NATIVE_SCHEME.fullmatch(parts.scheme)
    if not native and not parts.hostname:
        raise ClientError(f"{uri!r} is not absolute.")
    if not (local or native or parts.scheme == "https"):
        raise ClientError(f"{uri!r}: it must be https, or http on this machine.")
