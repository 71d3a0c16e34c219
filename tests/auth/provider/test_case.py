"""How long codes and refresh tokens are good, and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from auth.authorization_store import Authorization, Code, RefreshToken
from auth.client import Client, ClientGrant, ClientKind, RegisteredClient
from auth.key import make_key, public_keys
from auth.key_store import Ring
from auth.provider.case import Case, Terms
from auth.store import UserRecord
from auth.viewer import ClientId, CustomerCode, UserId

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(START.timestamp())
DAY = 86_400
KEY = make_key()
ACME = CustomerCode("acme")
USER = UserRecord(id=UserId(1), username="ann", customer=ACME, email="ann@example.com")
PAGE = Client(id=ClientId("page"), name="Page", kind=ClientKind.BROWSER, owner="acme", scopes=("billing",))
SIGNED_IN = Authorization(
    id="a",
    client=PAGE.id,
    username="ann",
    customer=ACME,
    scope="billing offline_access",
    session="s",
    authenticated_at=SECONDS,
    methods=("pwd",),
    created_at=SECONDS,
    used_at=SECONDS,
    expires_at=SECONDS + 30 * DAY,
)


def case(after: float, **changes: object) -> Case:
    """Give the case of an exchange so many seconds after the sign-in."""
    made = Case(
        terms=Terms(issuer="https://portal.example", audience="servicespace"),
        ring=Ring(signing=KEY, trusted=public_keys([KEY])),
        now=START + timedelta(seconds=after),
        client=RegisteredClient(client=PAGE),
        user=USER,
        authorization=SIGNED_IN,
        code=Code(hash="h", sid="a", redirect_uri="r", challenge="c", nonce="", expires_at=SECONDS + 60),
        refresh=RefreshToken(hash="h", sid="a", created_at=SECONDS),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(("after", "good"), [(0, True), (59, True), (60, False)])
def test_a_code_is_good_for_a_minute(after: float, *, good: bool) -> None:
    assert case(after).is_exchangeable() is good


@pytest.mark.parametrize(("after", "good"), [(0, True), (8 * 3_600 - 1, True), (8 * 3_600, False)])
def test_a_refresh_token_ends_eight_hours_after_the_last_use(after: float, *, good: bool) -> None:
    assert case(after).is_fresh() is good


@pytest.mark.parametrize(("after", "good"), [(30 * DAY - 1, True), (30 * DAY, False)])
def test_a_family_ends_thirty_days_after_the_sign_in(after: float, *, good: bool) -> None:
    used = replace(SIGNED_IN, used_at=SECONDS + int(after))

    assert case(after, authorization=used).is_fresh() is good


@pytest.mark.parametrize(
    "changes",
    [
        {"user": None},
        {"user": replace(USER, active=False)},
        {"user": replace(USER, customer=CustomerCode("other"))},
        {"user": replace(USER, valid_from=SECONDS + 1)},
        {"authorization": replace(SIGNED_IN, active=False)},
        {"authorization": None},
        {"client": RegisteredClient(client=replace(PAGE, owner="other"))},
        {
            "client": RegisteredClient(
                client=PAGE, grants={ACME: ClientGrant(customer=ACME, scopes=(), active=False)}
            )
        },
        {
            "code": Code(
                hash="h",
                sid="a",
                redirect_uri="r",
                challenge="c",
                nonce="",
                expires_at=SECONDS + 60,
                used_at=1,
            ),
            "refresh": RefreshToken(hash="h", sid="a", created_at=SECONDS, used_at=1),
        },
    ],
)
def test_both_end_with_what_they_came_from(changes: dict[str, object]) -> None:
    ended = case(1, **changes)

    assert (ended.is_exchangeable(), ended.is_fresh()) == (False, False)


def test_what_is_issued_in_the_second_of_a_reset_is_not_void() -> None:
    user = replace(USER, valid_from=SECONDS)

    assert case(0, user=user).is_exchangeable()
