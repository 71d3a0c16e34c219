"""The pages over PostgreSQL, whose transactions begin in requests as they do over SQLite."""

from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from auth.account import Visit
from auth.administration import Administration
from auth.outbox import MailKind
from auth.password_hash import Passwords
from auth.recovery import Recovery
from auth.store import UserProfile
from auth.viewer import CustomerCode
from servicespace.mail_catcher import MailCatcher
from servicespace.settings import Settings
from servicespace.store import StoreSettings, open_store
from servicespace.wiring import create_app
from tests.servicespace.identity.conftest import CHEAP, OPERATOR, PASSWORD, Browser


async def test_signs_in_and_out_over_postgres(postgres: StoreSettings) -> None:
    now = datetime.now(UTC) - timedelta(seconds=2)
    async with open_store(postgres) as connection:
        profile = UserProfile(username="pages-ann", customer=CustomerCode("pages"), email="ann@pages.example")
        await Administration(connection).invite(profile, OPERATOR, now)
        passwords = Passwords(CHEAP)
        recovery = Recovery(connection, passwords)
        link = await recovery.link_for("pages-ann", MailKind.INVITATION, now)
        assert link is not None
        assert await recovery.set_password(link.reveal(), PASSWORD, Visit(), now) == []
        passwords.close()

    settings = Settings(store=postgres)
    with TestClient(create_app(settings, cost=CHEAP), base_url="http://localhost") as client:
        browser = Browser(client, settings, MailCatcher())
        refused = browser.sign_in("pages-ann", "wrong")
        entered = browser.sign_in("pages-ann")
        account = browser.get("/account")
        out = browser.post("/sign-out", "/account")

    assert (refused.status_code, entered.status_code, out.status_code) == (403, 200, 303)
    assert "ann@pages.example" in account.text
