"""Tokens of an operator's own provider, and all that is none."""

import base64
import hmac
import json
import warnings
from datetime import datetime
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key

from auth.outside import Outside, OutsideVerifier
from auth.token import Claims, TokenError, UnknownKeyError

ISSUER = "https://sso.example/realms/portal"
KEYS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "okp"}),
}
SIGNING = jws.JWSRegistry(algorithms=["ES256", "RS256", "PS256", "Ed25519", "EdDSA", "HS256", "ES384"])
OUTSIDE = Outside(
    issuer=ISSUER,
    audience="servicespace",
    username_claim="preferred_username",
    customer_claim="organization.code",
    customers={"ACME Corp": "acme"},
    algorithms=("ES256", "RS256", "PS256", "Ed25519"),
    types=("at+jwt", "JWT"),
)
START = 1_772_366_400
CLAIMS = {
    "iss": ISSUER,
    "aud": ["account", "servicespace"],
    "sub": "f3a1",
    "azp": "portal",
    "jti": "one",
    "iat": START,
    "exp": START + 300,
    "preferred_username": "ann",
    "organization": {"code": "ACME Corp"},
}


@pytest.fixture
def verifier() -> OutsideVerifier:
    made = OutsideVerifier(OUTSIDE)
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):
        small = RSAKey.generate_key(1024, {"kid": "small"})
        made.trust(public(*KEYS.values(), small))
    return made


def public(*keys: Key) -> KeySet:
    return KeySet([import_key(each.as_dict(private=False)) for each in keys])


def signed(algorithm: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:  # noqa: ANN401 - any claim
    key = KEYS.get(algorithm) or KEYS["RS256"]
    given = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    head = {"alg": algorithm, "typ": "JWT", "kid": key.kid, **(header or {})}
    return jws.serialize_compact(head, json.dumps(given), key, registry=SIGNING)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256", "Ed25519"])
def test_takes_a_token_by_each_algorithm_of_the_settings(
    verifier: OutsideVerifier, now: datetime, algorithm: str
) -> None:
    token = signed(algorithm)

    claims = verifier.verify(token, now)

    assert isinstance(claims, Claims)
    assert (claims.sub, claims.customer, claims.scope) == ("ann", "acme", "portal")
    assert (claims.client_id, claims.of_client) == ("outside:portal", False)
    assert verifier.verify(token, now) is claims


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://sso.example/realms/other"}, "foreign issuer"),
        ({"aud": "account"}, "wrong audience"),
        ({"exp": START}, "expired"),
        ({"nbf": START + 60}, "not yet valid"),
        ({"exp": START + 86_401}, "valid for too long"),
        ({"iat": START - 86_400}, "valid for too long"),
        ({"exp": None}, "claims missing or malformed"),
        ({"preferred_username": None}, "claims missing or malformed"),
        ({"preferred_username": ["ann"]}, "claims missing or malformed"),
        ({"organization": "ACME Corp"}, "claims missing or malformed"),
        ({"organization": {"code": "Other"}}, "unknown customer"),
    ],
)
def test_refuses_what_it_says(
    verifier: OutsideVerifier, now: datetime, claims: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenError) as caught:
        verifier.verify(signed(**claims), now)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"typ": "dpop+jwt"}, "not an access token"),
        ({"kid": "ec"}, "algorithm of another kind of key"),
        ({"alg": "EdDSA"}, "algorithm not allowed"),
        ({"alg": "none"}, "algorithm not allowed"),
        ({"crit": ["exp"]}, "critical header"),
        ({"kid": "small"}, "unknown key"),
    ],
)
def test_refuses_what_its_header_says(
    verifier: OutsideVerifier, now: datetime, header: dict[str, Any], reason: str
) -> None:
    _, payload, signature = signed().split(".")
    head = json.dumps({"alg": "RS256", "typ": "JWT", "kid": "rsa", **header}).encode()
    token = f"{base64.urlsafe_b64encode(head).rstrip(b'=').decode()}.{payload}.{signature}"

    with pytest.raises(TokenError) as caught:
        verifier.verify(token, now)

    assert caught.value.reason == reason


def test_a_public_key_is_no_secret_to_sign_with(verifier: OutsideVerifier, now: datetime) -> None:
    header = encoded(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "rsa"}).encode())
    text = f"{header}.{encoded(json.dumps(CLAIMS).encode())}"
    mac = hmac.digest(KEYS["RS256"].as_pem(private=False), text.encode(), "sha256")

    with pytest.raises(TokenError) as caught:
        verifier.verify(f"{text}.{encoded(mac)}", now)

    assert caught.value.reason == "algorithm not allowed"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def test_a_key_that_is_gone_verifies_nothing_any_more(verifier: OutsideVerifier, now: datetime) -> None:
    token = signed()
    verifier.verify(token, now)

    verifier.trust(public(KEYS["ES256"]))

    with pytest.raises(UnknownKeyError):
        verifier.verify(token, now)


def test_another_key_of_the_same_id_does_not_vouch_for_what_the_old_one_signed(
    verifier: OutsideVerifier, now: datetime
) -> None:
    token = signed()
    verifier.verify(token, now)

    verifier.trust(public(KEYS["ES256"], RSAKey.generate_key(2048, {"kid": "rsa"}), KEYS["Ed25519"]))

    with pytest.raises(TokenError) as caught:
        verifier.verify(token, now)
    assert caught.value.reason == "wrong signature"
