"""Access tokens of an operator's own provider, Keycloak and the like: who a User is, by its claims."""

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any, Final, cast

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from auth.key import PublicKeys
from auth.scope import PORTAL
from auth.token import Claims, NumericDate, TokenError, TokenVerifier, UnknownKeyError, read_header
from auth.viewer import CustomerCode, TokenId

MIN_RSA_BITS: Final = 2048
"""How long an RSA key must be (RFC 7518 section 3.3)."""
LONGEST: Final = 86_400
"""For how many seconds a token may be valid, from its issue on."""
_KINDS: Final[Mapping[str, type[Key]]] = {
    "ES256": ECKey,
    "RS256": RSAKey,
    "PS256": RSAKey,
    "Ed25519": OKPKey,
    "EdDSA": OKPKey,
}


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the operator's provider.

    ``username_claim`` and ``customer_claim`` are what its tokens call a User and a customer; ``customers``
    our codes for its own, none where they are the same. Only ``algorithms`` and ``types`` are taken.
    """

    issuer: str
    audience: str
    username_claim: str
    customer_claim: str
    customers: Mapping[str, str]
    algorithms: Collection[str]
    types: Collection[str]


class _Known(msgspec.Struct, frozen=True):
    """The claims that every token must have, and some that it may have."""

    iss: str
    aud: str | list[str]
    exp: NumericDate
    iat: NumericDate
    nbf: NumericDate = 0
    jti: str = ""
    client_id: str = ""
    azp: str = ""


class OutsideVerifier(TokenVerifier):
    """Verifies access tokens of an operator's own provider.

    Its Users are those of our store, by their usernames: rights live with us, so that a token may do all that
    its User may, and nothing without one.
    """

    def __init__(self, outside: Outside, *, max_known: int = 10_000) -> None:
        """Trust no keys yet."""
        self._outside: Final = outside
        self._registry: Final = jws.JWSRegistry(algorithms=list(outside.algorithms))
        self._types: Final = {each.lower().removeprefix("application/") for each in outside.types}
        super().__init__(KeySet([]), outside.issuer, outside.audience, max_known=max_known)

    def trust(self, keys: PublicKeys) -> None:
        """Trust *keys* from now on, and no others; what the others signed is refused at once."""
        trusted: dict[str | None, Key] = {each.kid: each for each in keys if each.kid and is_verifying(each)}
        self._replace(trusted)

    def _checked(self, text: bytes) -> Claims:
        payload = self._payload(text)
        try:
            known = msgspec.json.decode(payload, type=_Known)
            claims = msgspec.json.decode(payload, type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise TokenError("claims missing or malformed") from None
        if known.iss != self._outside.issuer:
            raise TokenError("foreign issuer")
        if self._outside.audience not in ([known.aud] if isinstance(known.aud, str) else known.aud):
            raise TokenError("wrong audience")
        if known.exp - known.iat > LONGEST:
            raise TokenError("valid for too long")
        return Claims(
            iss=known.iss,
            aud=known.aud,
            sub=_text(claims, self._outside.username_claim),
            client_id=f"outside:{known.client_id or known.azp}",
            jti=TokenId(known.jti or sha256(text).hexdigest()),
            iat=known.iat,
            nbf=known.nbf,
            exp=known.exp,
            customer=self._customer(claims),
            scope=PORTAL,
        )

    def _payload(self, text: bytes) -> bytes:
        header = read_header(text)
        if header.alg not in self._outside.algorithms:
            raise TokenError("algorithm not allowed")
        if header.typ.lower().removeprefix("application/") not in self._types:
            raise TokenError("not an access token")
        if header.crit is not msgspec.UNSET:
            raise TokenError("critical header")
        key = self._keys.get(header.kid)
        if key is None:
            raise UnknownKeyError("unknown key")
        if not isinstance(key, _KINDS[header.alg]):
            raise TokenError("algorithm of another kind of key")
        try:
            return jws.deserialize_compact(text, key, registry=self._registry).payload
        except (JoseError, ValueError):
            raise TokenError("wrong signature") from None

    def _customer(self, claims: Mapping[str, Any]) -> CustomerCode:
        told = _text(claims, self._outside.customer_claim)
        if not self._outside.customers:
            return CustomerCode(told)
        if told not in self._outside.customers:
            raise TokenError("unknown customer")
        return CustomerCode(self._outside.customers[told])


def is_verifying(key: Key) -> bool:
    """Tell whether *key* is a public key that may verify: no secret, none to encrypt with, none too short."""
    if key.is_private or key.as_dict().get("use", "sig") != "sig":
        return False
    if isinstance(key, RSAKey):
        return key.raw_value.key_size >= MIN_RSA_BITS
    return isinstance(key, ECKey | OKPKey)


def _text(claims: Mapping[str, Any], name: str) -> str:
    """Give the claim *name*; a dot leads into an object, as Keycloak nests some."""
    found: object = claims
    for part in [name] if name in claims else name.split("."):
        found = cast("Mapping[str, object]", found).get(part) if isinstance(found, dict) else None
    if not isinstance(found, str) or not found:
        raise TokenError("claims missing or malformed")
    return found
