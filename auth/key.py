"""The keys that sign access tokens and those that verify them."""

from contextlib import suppress
from typing import Any, Final, TypeAlias, TypedDict

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, KeySet

ALGORITHM: Final = "ES256"
CURVE: Final = "P-256"

PrivateKey: TypeAlias = ECKey
"""An ES256 key with its private part and its ``kid``; its repr tells nothing."""

PublicKeys: TypeAlias = KeySet
"""Keys without their private parts, each with its ``kid``."""


class Secret(str):
    """Text that does not show when it is printed, formatted or logged; ``reveal`` gives it."""

    __slots__ = ()

    def reveal(self) -> str:
        """Give the text as it is: to be handed to whom it is for, never to be logged."""
        return self.encode().decode()

    def __repr__(self) -> str:
        return "'***'"

    def __str__(self) -> str:
        return "***"

    def __format__(self, format_spec: str) -> str:
        return "***"


class _Jwks(msgspec.Struct, frozen=True):
    """A key set, each key as it comes."""

    keys: list[dict[str, Any]]


class _Jwk(TypedDict):
    """An EC key as RFC 7518 section 6.2 has it."""

    kty: str
    crv: str
    x: str
    y: str
    d: str
    kid: str
    use: str
    alg: str


def make_key() -> PrivateKey:
    """Make a new ES256 key; its ``kid`` is its thumbprint (RFC 7638)."""
    return ECKey.generate_key(CURVE, {"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)


def dump_key(key: PrivateKey) -> Secret:
    """Give *key*, its private part included, as JSON."""
    return Secret(msgspec.json.encode(key.as_dict(private=True)).decode())


def load_key(text: str) -> PrivateKey:
    """Give the key that ``dump_key`` gave as *text*."""
    jwk = msgspec.json.decode(text.encode(), type=_Jwk)
    return ECKey.import_key({name: str(value) for name, value in jwk.items()})


class KeysError(Exception):
    """A document that is no JSON Web Key Set."""


def read_keys(document: bytes) -> PublicKeys:
    """Give the keys of a JSON Web Key Set (RFC 7517 section 5); those of unknown kinds are left out."""
    try:
        listed = msgspec.json.decode(document, type=_Jwks).keys
    except (msgspec.MsgspecError, RecursionError):
        raise KeysError("no JSON Web Key Set") from None
    found: list[Key] = []
    for each in listed:
        if each.get("kty") in ("EC", "RSA", "OKP"):
            with suppress(JoseError, ValueError, TypeError, KeyError):  # one that is wrong is nobody's
                found.append(
                    JWKRegistry.import_key(
                        {name: str(value) for name, value in each.items() if isinstance(value, str)}
                    )
                )
    return KeySet(found)


def public_keys(keys: list[PrivateKey]) -> PublicKeys:
    """Give *keys* without their private parts."""
    return KeySet([ECKey.import_key(each.as_dict(private=False)) for each in keys])
