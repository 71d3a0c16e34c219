import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey

from auth.key import make_key, public_keys
from auth.token import TokenError, TokenVerifier, issue_token
from auth.viewer import CustomerCode

ISSUER = "https://portal.example"
AUDIENCE = "servicespace"
KEY = make_key()
START = 1_772_366_400
"""The time of the fixture ``now``."""
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "acme-admin",
    "client_id": "servicespace",
    "jti": "b5c1",
    "iat": START,
    "nbf": START,
    "exp": START + 600,
    "customer": "acme-global",
    "scope": "portal",
}
HEADER: Mapping[str, Any] = {"typ": "at+jwt", "alg": "ES256", "kid": KEY.kid}


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier(public_keys([KEY]), ISSUER, AUDIENCE)


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(header: Mapping[str, Any], claims: object, key: ECKey = KEY) -> str:
    """Give a token with a true ES256 signature over any *header* and *claims*."""
    text = f"{encoded(header)}.{encoded(claims)}"
    algorithm = jws.JWSRegistry.algorithms["ES256"]
    return f"{text}.{urlsafe_b64encode(algorithm.sign(text.encode(), key)).rstrip(b'=').decode()}"


def without(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {each: value for each, value in values.items() if each != name}


def refusal(verifier: TokenVerifier, token: str, now: datetime) -> str:
    with pytest.raises(TokenError) as caught:
        verifier.verify(token, now)
    assert str(caught.value) == "the access token is not valid"
    assert caught.value.__cause__ is None
    return caught.value.reason


def issued(now: datetime, **other: Any) -> str:  # noqa: ANN401 - any argument of issue_token
    given: dict[str, Any] = {
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "subject": "acme-admin",
        "customer": CustomerCode("acme-global"),
        "client_id": "servicespace",
        "scope": "portal",
        "now": now,
    }
    return issue_token(KEY, **(given | other))


def test_verifies_what_it_issued(verifier: TokenVerifier, now: datetime) -> None:
    claims = verifier.verify(issued(now), now)

    assert (claims.iss, claims.aud, claims.sub) == (ISSUER, AUDIENCE, "acme-admin")
    assert (claims.client_id, claims.customer) == ("servicespace", "acme-global")
    assert (claims.iat, claims.nbf, claims.exp) == (START, START, START + 600)
    assert claims.expires_at == now + timedelta(minutes=10)
    assert claims.expires_at.tzinfo is UTC


def test_issues_a_header_and_claims_as_rfc_9068_has_them(now: datetime) -> None:
    header, payload, _ = issued(now).split(".")

    assert json.loads(urlsafe_b64decode(header + "==")) == HEADER
    assert set(json.loads(urlsafe_b64decode(payload + "=="))) == set(CLAIMS)


def test_gives_each_token_an_id_of_its_own(verifier: TokenVerifier, now: datetime) -> None:
    first, second = verifier.verify(issued(now), now), verifier.verify(issued(now), now)

    assert first.jti != second.jti


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"])
def test_takes_the_type_of_access_tokens_in_any_case(
    verifier: TokenVerifier, now: datetime, typ: str
) -> None:
    token = signed({**HEADER, "typ": typ}, CLAIMS)

    assert verifier.verify(token, now).sub == "acme-admin"


@pytest.mark.parametrize(
    "typ", ["JWT", "jwt", "id_token+jwt", "", "at+jwt ", "application/application/at+jwt"]
)
def test_refuses_a_token_of_another_type(verifier: TokenVerifier, now: datetime, typ: str) -> None:
    assert refusal(verifier, signed({**HEADER, "typ": typ}, CLAIMS), now) == "not an access token"


@pytest.mark.parametrize("name", ["typ", "alg", "kid"])
def test_refuses_a_header_that_lacks_a_member(verifier: TokenVerifier, now: datetime, name: str) -> None:
    assert refusal(verifier, signed(without(HEADER, name), CLAIMS), now) == "malformed header"


def test_takes_one_audience_of_several(verifier: TokenVerifier, now: datetime) -> None:
    token = signed(HEADER, {**CLAIMS, "aud": ["other", AUDIENCE]})

    assert verifier.verify(token, now).aud == ["other", AUDIENCE]


@pytest.mark.parametrize("audience", ["other", ["other"], [], "servicespace2", "service"])
def test_refuses_another_audience(verifier: TokenVerifier, now: datetime, audience: object) -> None:
    assert refusal(verifier, signed(HEADER, {**CLAIMS, "aud": audience}), now) == "wrong audience"


@pytest.mark.parametrize(
    "issuer", ["https://evil.example", "https://portal.example/", "HTTPS://portal.example"]
)
def test_refuses_a_foreign_issuer(verifier: TokenVerifier, now: datetime, issuer: str) -> None:
    assert refusal(verifier, signed(HEADER, {**CLAIMS, "iss": issuer}), now) == "foreign issuer"


@pytest.mark.parametrize("name", list(CLAIMS))
def test_refuses_a_token_that_lacks_a_claim(verifier: TokenVerifier, now: datetime, name: str) -> None:
    token = signed(HEADER, without(CLAIMS, name))

    assert refusal(verifier, token, now) == "claims missing or malformed"


@pytest.mark.parametrize(
    "claims",
    [
        [],
        "at",
        None,
        {**CLAIMS, "exp": None},
        {**CLAIMS, "exp": "1772367000"},
        {**CLAIMS, "exp": 10**18},
        {**CLAIMS, "exp": -1},
        {**CLAIMS, "exp": float("nan")},
        {**CLAIMS, "exp": True},
        {**CLAIMS, "customer": ""},
        {**CLAIMS, "sub": ""},
        {**CLAIMS, "aud": {"servicespace": 1}},
    ],
)
def test_refuses_claims_of_a_wrong_form(verifier: TokenVerifier, now: datetime, claims: object) -> None:
    assert refusal(verifier, signed(HEADER, claims), now) == "claims missing or malformed"


def test_refuses_claims_nested_without_end(verifier: TokenVerifier, now: datetime) -> None:
    deep: object = 0
    for _ in range(700):
        deep = [deep]

    assert refusal(verifier, signed(HEADER, {**CLAIMS, "aud": deep}), now) == "claims missing or malformed"


def test_refuses_a_token_from_its_expiry_on(verifier: TokenVerifier, now: datetime) -> None:
    token = issued(now)
    end = now + timedelta(minutes=10)

    assert verifier.verify(token, end - timedelta(microseconds=1)).sub == "acme-admin"
    assert refusal(verifier, token, end) == "expired"


def test_refuses_an_expired_token_that_it_never_saw(verifier: TokenVerifier, now: datetime) -> None:
    assert refusal(verifier, issued(now), now + timedelta(minutes=10)) == "expired"


def test_takes_a_token_five_seconds_before_its_time_and_no_more(
    verifier: TokenVerifier, now: datetime
) -> None:
    token = issued(now)

    assert refusal(verifier, token, now - timedelta(seconds=5, microseconds=1)) == "not yet valid"
    assert verifier.verify(token, now - timedelta(seconds=5)).sub == "acme-admin"


def test_refuses_a_token_signed_with_an_unknown_key(verifier: TokenVerifier, now: datetime) -> None:
    other = make_key()

    assert refusal(verifier, signed({**HEADER, "kid": other.kid}, CLAIMS, other), now) == "unknown key"


def test_refuses_a_known_key_id_over_a_foreign_signature(verifier: TokenVerifier, now: datetime) -> None:
    assert refusal(verifier, signed(HEADER, CLAIMS, make_key()), now) == "wrong signature"


def test_another_key_of_the_same_id_does_not_vouch_for_what_the_old_one_signed(
    verifier: TokenVerifier, now: datetime
) -> None:
    token = signed(HEADER, CLAIMS)
    verifier.verify(token, now)

    verifier.trust(public_keys([ECKey.generate_key("P-256", {"kid": str(KEY.kid)})]))

    assert refusal(verifier, token, now) == "wrong signature"


def test_refuses_a_foreign_key_that_the_token_brings_along(verifier: TokenVerifier, now: datetime) -> None:
    other = make_key()
    header = {**HEADER, "jwk": other.as_dict(private=False)}

    assert refusal(verifier, signed(header, CLAIMS, other), now) == "wrong signature"


def test_takes_its_own_key_whatever_key_the_token_brings_along(
    verifier: TokenVerifier, now: datetime
) -> None:
    header = {**HEADER, "jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}

    assert verifier.verify(signed(header, CLAIMS), now).sub == "acme-admin"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES384", "es256", ""])
def test_refuses_every_other_algorithm(verifier: TokenVerifier, now: datetime, algorithm: str) -> None:
    token = signed({**HEADER, "alg": algorithm}, CLAIMS)

    assert refusal(verifier, token, now) == "algorithm not allowed"


def test_refuses_a_token_without_a_signature(verifier: TokenVerifier, now: datetime) -> None:
    token = f"{encoded({**HEADER, 'alg': 'none'})}.{encoded(CLAIMS)}."

    assert refusal(verifier, token, now) == "algorithm not allowed"


def test_refuses_an_empty_signature_under_es256(verifier: TokenVerifier, now: datetime) -> None:
    assert refusal(verifier, f"{encoded(HEADER)}.{encoded(CLAIMS)}.", now) == "wrong signature"


@pytest.mark.parametrize("secret", [KEY.as_pem(private=False), KEY.as_der(private=False)], ids=["PEM", "DER"])
def test_refuses_an_hmac_with_the_public_key(verifier: TokenVerifier, now: datetime, secret: bytes) -> None:
    text = f"{encoded({**HEADER, 'alg': 'HS256'})}.{encoded(CLAIMS)}"
    mac = urlsafe_b64encode(hmac.digest(secret, text.encode(), sha256)).rstrip(b"=").decode()

    assert refusal(verifier, f"{text}.{mac}", now) == "algorithm not allowed"


def test_trusts_no_key_of_another_kind(now: datetime) -> None:
    secret = OctKey.import_key("secret-of-32-bytes-or-even-longer", {"kid": "shared"})
    larger = ECKey.generate_key("P-384", {"kid": "larger"})
    verifier = TokenVerifier(KeySet([secret, larger]), ISSUER, AUDIENCE)

    assert refusal(verifier, signed({**HEADER, "kid": "shared"}, CLAIMS), now) == "unknown key"
    assert refusal(verifier, signed({**HEADER, "kid": "larger"}, CLAIMS), now) == "unknown key"


@pytest.mark.parametrize("crit", [["b64"], [], None, ["exp"]])
def test_refuses_a_header_that_must_be_understood(
    verifier: TokenVerifier, now: datetime, crit: object
) -> None:
    token = signed({**HEADER, "crit": crit, "b64": False}, CLAIMS)

    assert refusal(verifier, token, now) == "critical header"


def test_refuses_every_truncated_token(verifier: TokenVerifier, now: datetime) -> None:
    token = issued(now)

    refused = [refusal(verifier, token[:length], now) for length in range(len(token))]

    assert len(refused) == len(token)
    assert set(refused) == {"malformed", "wrong signature"}


@pytest.mark.parametrize("place", range(3))
def test_refuses_a_token_of_which_one_part_was_changed(
    verifier: TokenVerifier, now: datetime, place: int
) -> None:
    parts, others = issued(now).split("."), issued(now, audience="other").split(".")
    parts[place] = others[place] if place else encoded({**HEADER, "cty": "JWT"})

    assert refusal(verifier, ".".join(parts), now) == "wrong signature"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "malformed"),
        ("a", "malformed"),
        ("a.b.c.d", "malformed"),
        ("a.b.c.d.e", "malformed"),
        ("é.b.c", "malformed"),
        ("\ud800.b.c", "malformed"),
        ("..", "malformed header"),
        ("a.b.c", "malformed header"),
        (f"{encoded([])}.b.c", "malformed header"),
        (f"{encoded('alg')}.b.c", "malformed header"),
        (f"{encoded({**HEADER, 'alg': 5})}.b.c", "malformed header"),
        (f"{encoded(HEADER)}.b.c", "wrong signature"),
        (f"{encoded(HEADER)}.{encoded(CLAIMS)}.%%", "wrong signature"),
    ],
)
def test_refuses_what_is_no_token(verifier: TokenVerifier, now: datetime, token: str, reason: str) -> None:
    assert refusal(verifier, token, now) == reason


def test_refuses_a_token_of_more_than_four_kibibytes_unread(verifier: TokenVerifier, now: datetime) -> None:
    token = signed(HEADER, {**CLAIMS, "note": "x" * 4096})

    assert refusal(verifier, token, now) == "too long"
    assert refusal(verifier, "é" * 4097, now) == "too long"


def test_knows_a_token_again_until_it_expires(verifier: TokenVerifier, now: datetime) -> None:
    token = issued(now)

    first, second = verifier.verify(token, now), verifier.verify(token, now + timedelta(minutes=9))

    assert second is first
    assert refusal(verifier, token, now + timedelta(minutes=10)) == "expired"
    assert verifier.verify(token, now) is not first


def test_forgets_the_oldest_of_too_many_tokens(now: datetime) -> None:
    verifier = TokenVerifier(public_keys([KEY]), ISSUER, AUDIENCE, max_known=2)
    tokens = [issued(now) for _ in range(3)]

    first, *_, last = [verifier.verify(each, now) for each in tokens]

    assert verifier.verify(tokens[2], now) is last
    assert verifier.verify(tokens[0], now) is not first


def test_does_not_know_a_token_again_that_was_refused(verifier: TokenVerifier, now: datetime) -> None:
    token = issued(now, audience="other")

    assert [refusal(verifier, token, now) for _ in range(2)] == ["wrong audience"] * 2


def test_knows_a_known_token_only_with_its_signature(verifier: TokenVerifier, now: datetime) -> None:
    token = issued(now)
    verifier.verify(token, now)

    forged = token.rsplit(".", 1)[0] + "." + "A" * 86

    assert refusal(verifier, forged, now) == "wrong signature"


def test_issues_no_more_than_the_lifetime_that_was_asked(verifier: TokenVerifier, now: datetime) -> None:
    claims = verifier.verify(issued(now, lifetime=timedelta(seconds=90)), now)

    assert claims.expires_at == now + timedelta(seconds=90)
