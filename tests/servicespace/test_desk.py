"""Who comes in with a client's token, or through a client, and what bounds them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from auth.client import Client, ClientGrant, ClientKind
from auth.client_store import ClientStore
from auth.key_store import KeyStore
from auth.right import Role, everywhere
from auth.store import UserProfile, UserStore
from auth.viewer import ClientId, CustomerCode, Viewer
from servicespace.desk import Desk
from servicespace.errors import UnauthenticatedError
from servicespace.request_id import RequestId
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import open_desk
from tests.servicespace.conftest import token

ACME = CustomerCode("acme")
PARTNER = ClientId("partner")


@dataclass
class Open:
    """An open store with a User and a client, and the desk over it."""

    users: UserStore
    keys: KeyStore
    clients: ClientStore
    settings: Settings
    desk: Desk

    async def come(self, **changes: Any) -> Viewer:  # noqa: ANN401 - any argument of issue_token
        """Come in with a token of the User; *changes* make it another."""
        issued = await token(self.keys, self.settings, "acme", **changes)
        return await self.desk.authenticate(f"Bearer {issued}")

    async def grant(self, **changes: Any) -> None:  # noqa: ANN401 - any field of a grant
        """Grant the client what *changes* say of the customer."""
        given: dict[str, Any] = {"customer": ACME, "scopes": ("billing",), **changes}
        await self.clients.grant(PARTNER, ClientGrant(**given), by="acme")


@pytest.fixture
async def opened(empty_store: Settings) -> AsyncGenerator[Open]:
    async with open_store(empty_store.store) as connection:
        users, clients = UserStore(connection), ClientStore(connection)
        await users.save(
            UserProfile(
                username="acme",
                customer=ACME,
                email="a@example.com",
                rights=everywhere(Role.MANAGER),
                accounts=frozenset({"A-1", "A-2"}),
            )
        )
        partner = Client(
            id=PARTNER,
            name="Partner",
            kind=ClientKind.WEB,
            owner="acme",
            redirect_uris=("https://app.example/back",),
            scopes=("openid", "billing", "incidents"),
        )
        await clients.create_client(partner, by="acme", now=datetime.now(UTC))
        async with open_desk(connection, empty_store) as desk:
            yield Open(users, KeyStore(connection), clients, empty_store, desk)


async def test_a_user_through_a_client_of_its_customer(opened: Open) -> None:
    viewer = await opened.come(client_id="partner", sid="s-1", scope="openid billing")

    assert (viewer.username, viewer.client, viewer.scope) == ("acme", "partner", "openid billing")
    assert viewer.accounts == frozenset({"A-1", "A-2"})


async def test_a_user_through_a_client_sees_what_both_may(opened: Open) -> None:
    await opened.grant(
        scopes=("billing:readonly",), accounts=frozenset({"A-2", "A-3"}), solutions=frozenset({"S-1"})
    )

    viewer = await opened.come(client_id="partner", sid="s-1", scope="openid billing incidents")

    assert viewer.scope == "openid billing:readonly"
    bounds = (viewer.accounts, viewer.locations, viewer.solutions)
    assert bounds == (frozenset({"A-2"}), None, frozenset({"S-1"}))


async def test_a_client_for_itself_has_no_user(opened: Open) -> None:
    await opened.grant(accounts=frozenset({"A-9"}))

    viewer = await opened.come(subject="partner", client_id="partner", scope="billing")

    assert (viewer.user_id, viewer.email) == (None, None)
    assert (viewer.username, viewer.client, viewer.scope) == ("partner", "partner", "billing")
    assert viewer.accounts == frozenset({"A-9"})


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "partner", "client_id": "partner"},
        {"subject": "nobody", "client_id": "nobody"},
        {"client_id": "nobody", "sid": "s-1"},
        {"subject": "partner", "client_id": "partner", "sid": "s-1"},
        {"subject": "acme", "client_id": "acme"},
    ],
    ids=["without a grant", "no client", "through no client", "a client as a User", "a User as a client"],
)
async def test_lets_nobody_else_in(opened: Open, changes: dict[str, str]) -> None:
    with pytest.raises(UnauthenticatedError):
        await opened.come(**changes)


async def test_what_was_issued_before_a_reset_lets_nobody_in(opened: Open) -> None:
    now = datetime.now(UTC)
    await opened.users.void("acme", now)
    valid_from = -(-now.timestamp() // 1)

    with pytest.raises(UnauthenticatedError):
        await opened.come(now=datetime.fromtimestamp(valid_from - 1, UTC))
    assert (await opened.come(valid_from=int(valid_from))).username == "acme"


async def test_a_context_for_a_known_customer_is_made_without_waiting(opened: Open) -> None:
    viewer, named = await opened.come(), RequestId("r-1")
    await opened.desk.make_context(viewer, named)

    with pytest.raises(StopIteration) as done:
        opened.desk.make_context(viewer, named).send(None)

    assert done.value.value.systems is opened.desk.markets.embedded
