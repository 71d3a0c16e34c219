"""Access tokens: JWTs as RFC 9068 has them, signed with ES256, made and checked by RFC 8725."""

from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Final, Protocol
from uuid import uuid4

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key

from auth.key import ALGORITHM, CURVE, PrivateKey, PublicKeys
from auth.viewer import CustomerCode, TokenId

LIFETIME: Final = timedelta(minutes=10)
"""How long an access token is valid by default."""

LEEWAY: Final = 5
"""How many seconds before its ``nbf`` a token is taken, as clocks differ; after its ``exp`` it never is."""

MAX_BYTES: Final = 4096
"""How long an access token may be."""

_REGISTRY: Final = jws.JWSRegistry(algorithms=[ALGORITHM])
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_YEAR_9999: Final = 253_402_300_799

NumericDate = Annotated[int, msgspec.Meta(ge=0, le=_YEAR_9999)]
"""Seconds since 1970 (RFC 7519 section 2)."""

_Name = Annotated[str, msgspec.Meta(min_length=1)]


class TokenError(Exception):
    """An access token is not valid.

    Outwards there is one kind only; ``reason`` is for the log, and holds nothing of the token.
    """

    def __init__(self, reason: str) -> None:
        """Keep *reason* for the log."""
        super().__init__("the access token is not valid")
        self.reason = reason


class UnknownKeyError(TokenError):
    """A token signed with a key that is not known: it may be a new one."""


class Claims(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an access token says: the claims of RFC 9068 section 2.2, and ``customer``, which is ours.

    ``scope`` is what it allows, separated by spaces (RFC 8693 section 4.2); ``sid`` the authorization that it
    was issued from, "" for none: with that, it ends.
    """

    iss: _Name
    aud: str | list[str]
    sub: _Name
    client_id: _Name
    jti: Annotated[TokenId, msgspec.Meta(min_length=1)]
    iat: NumericDate
    nbf: NumericDate
    exp: NumericDate
    customer: Annotated[CustomerCode, msgspec.Meta(min_length=1)]
    scope: str
    sid: str = ""

    @property
    def of_client(self) -> bool:
        """Whether the token is a client's own: no User signed in for it."""
        return self.sub == self.client_id and not self.sid

    @property
    def expires_at(self) -> datetime:
        """The time of ``exp``."""
        return datetime.fromtimestamp(self.exp, UTC)


class Header(msgspec.Struct, frozen=True):
    """What is read of a token's header; ``jwk``, ``jku``, ``x5u`` and the like are not."""

    alg: str
    kid: str
    typ: str
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def issue_token(  # noqa: PLR0913 - the claims of a token
    key: PrivateKey,
    *,
    issuer: str,
    audience: str,
    subject: str,
    customer: CustomerCode,
    client_id: str,
    scope: str,
    now: datetime,
    sid: str = "",
    valid_from: int = 0,
    lifetime: timedelta = LIFETIME,
) -> str:
    """Give an access token for *subject*, of *customer*, valid from *now* on, signed with *key*.

    Its ``iat`` is not before *valid_from*: what was issued to the subject before that second is void.
    """
    start = max(int(now.timestamp()), valid_from)
    claims = Claims(
        iss=issuer,
        aud=audience,
        sub=subject,
        client_id=client_id,
        jti=TokenId(uuid4().hex),
        iat=start,
        nbf=start,
        exp=start + int(lifetime.total_seconds()),
        customer=customer,
        scope=scope,
        sid=sid,
    )
    header = {"typ": "at+jwt", "alg": ALGORITHM, "kid": key.kid}
    return jws.serialize_compact(header, msgspec.json.encode(claims), key, registry=_REGISTRY)


class Tokens(Protocol):
    """What verifies access tokens."""

    def verify(self, token: str, now: datetime) -> Claims:
        """Give what *token* says; raises ``TokenError``, of a key that is not known ``UnknownKeyError``."""
        ...


class TokenVerifier:
    """Verifies access tokens of one issuer for one audience.

    A token that was found valid is known by its SHA-256 until it expires; the oldest of more than
    *max_known* are forgotten. For one event loop: it has no locks.
    """

    def __init__(self, keys: PublicKeys, issuer: str, audience: str, *, max_known: int = 10_000) -> None:
        """Trust *keys*, those of them that are ES256 keys, and no others."""
        self._keys: dict[str | None, Key] = {}
        self._issuer: Final = issuer
        self._audience: Final = audience
        self._max_known: Final = max_known
        self._known: OrderedDict[bytes, Claims] = OrderedDict()
        self.trust(keys)

    def trust(self, keys: PublicKeys) -> None:
        """Trust *keys* from now on, and no others; what the others signed is refused at once."""
        trusted: dict[str | None, Key] = {
            each.kid: each for each in keys if isinstance(each, ECKey) and each.curve_name == CURVE
        }
        self._replace(trusted)

    def _replace(self, trusted: dict[str | None, Key]) -> None:
        """Trust *trusted* only; forget what was verified where one is gone, or is another of the same id."""
        if not _thumbprints(self._keys).items() <= _thumbprints(trusted).items():
            self._known.clear()
        self._keys = trusted

    def verify(self, token: str, now: datetime) -> Claims:
        """Give what *token* says, or raise ``TokenError``."""
        if len(token) > MAX_BYTES:
            raise TokenError("too long")
        if not token.isascii():
            raise TokenError("malformed")
        text = token.encode("ascii")
        digest = sha256(text).digest()
        claims = self._known.get(digest)
        if claims is None:
            claims = self._checked(text)
            _check_times(claims, now)
            self._remember(digest, claims)
            return claims
        try:
            _check_times(claims, now)
        except TokenError:
            del self._known[digest]
            raise
        return claims

    def _remember(self, digest: bytes, claims: Claims) -> None:
        self._known[digest] = claims
        if len(self._known) > self._max_known:
            self._known.popitem(last=False)

    def _checked(self, text: bytes) -> Claims:
        key = self._key(read_header(text))
        try:
            payload = jws.deserialize_compact(text, key, registry=_REGISTRY).payload
        except (JoseError, ValueError):
            raise TokenError("wrong signature") from None
        try:
            claims = msgspec.json.decode(payload, type=Claims)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise TokenError("claims missing or malformed") from None
        if claims.iss != self._issuer:
            raise TokenError("foreign issuer")
        if self._audience not in ([claims.aud] if isinstance(claims.aud, str) else claims.aud):
            raise TokenError("wrong audience")
        return claims

    def _key(self, header: Header) -> Key:
        if header.alg != ALGORITHM:
            raise TokenError("algorithm not allowed")
        if header.typ.lower() not in _TYPES:
            raise TokenError("not an access token")
        if header.crit is not msgspec.UNSET:
            raise TokenError("critical header")
        key = self._keys.get(header.kid)
        if key is None:
            raise UnknownKeyError("unknown key")
        return key


def read_header(text: bytes) -> Header:
    """Give the header of a JWT; raises ``TokenError``."""
    segments = text.split(b".")
    if len(segments) != 3:  # noqa: PLR2004 - header, payload, signature: RFC 7515 section 7.1
        raise TokenError("malformed")
    padded = segments[0] + b"=" * (-len(segments[0]) % 4)
    try:
        return msgspec.json.decode(urlsafe_b64decode(padded), type=Header)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise TokenError("malformed header") from None


def _thumbprints(keys: Mapping[str | None, Key]) -> Mapping[str | None, str]:
    """Give what each key is, by its id."""
    return {kid: key.thumbprint() for kid, key in keys.items()}


def _check_times(claims: Claims, now: datetime) -> None:
    seconds = now.timestamp()
    if seconds >= claims.exp:
        raise TokenError("expired")
    if seconds < claims.nbf - LEEWAY:
        raise TokenError("not yet valid")
