"""Accounts over a real database, at a cheap cost of passwords."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from auth.account import AccountStoreError, Actor, Visit
from auth.administration import Administration
from auth.audit import AuditLog
from auth.key import Secret
from auth.outbox import Mail, MailKind, claim, due
from auth.password_hash import Cost, Match, Passwords
from auth.recovery import Recovery
from auth.right import Rights, Role, everywhere
from auth.second_factor import SecondFactor
from auth.session import Session
from auth.sign_in import SignIn
from auth.store import UserProfile
from auth.viewer import CustomerCode

CHEAP = Cost(passes=1, memory=8)
PASSWORD = "quiet heron under brass moon"
OPERATOR = Actor(name="operator:ann", source="192.0.2.9")
HOME = Visit(source="198.51.100.7", agent="Browser/1.0")


@dataclass
class Accounts:
    """Everything that is done to accounts."""

    connection: BaseDBAsyncClient
    passwords: Passwords
    administration: Administration
    recovery: Recovery
    sign_in: SignIn
    second_factor: SecondFactor
    session: Session

    async def invited(self, username: str, now: datetime, **changes: object) -> Secret:
        """Invite a User, and give its link."""
        await self.administration.invite(profile(username, **changes), OPERATOR, now)
        link = await self.recovery.link_for(username, MailKind.INVITATION, now)
        assert link is not None
        return link

    async def active(self, username: str, now: datetime, **changes: object) -> None:
        """Make a User with ``PASSWORD``."""
        link = await self.invited(username, now, **changes)
        assert await self.recovery.set_password(link, PASSWORD, HOME, now) == []

    async def mails(self, now: datetime) -> Sequence[Mail]:
        """Claim all mails that wait."""
        found = [await claim(self.session, each, now) for each in await due(self.session, now)]
        return [each for each in found if each is not None]

    async def story(self, customer: str) -> list[str]:
        """Give what the audit log says of *customer*, oldest first."""
        lines = await AuditLog(self.connection).newest(customer)
        return [f"{each.event.actor} {each.event.action.value} {each.event.subject}" for each in lines][::-1]


class Between(Passwords):
    """Compares passwords, and does something else before each answer: what a race would do."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        """Do *meanwhile* once."""
        super().__init__(CHEAP)
        self._meanwhile: Callable[[], Awaitable[object]] | None = meanwhile

    async def matches(self, password: str, stored: str | None, *, has_place: bool = False) -> Match:
        """Compare, and do it."""
        found = await super().matches(password, stored, has_place=has_place)
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            await meanwhile()
        return found


def profile(username: str, **changes: object) -> UserProfile:
    """Give a User of acme with all rights but to administer."""
    rights: Rights = everywhere(Role.MANAGER)
    given: dict[str, object] = {
        "customer": CustomerCode("acme"),
        "email": f"{username}@acme.example",
        "rights": rights,
        **changes,
    }
    return UserProfile(username=username, **given)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - what a test changes


def accounts_over(connection: BaseDBAsyncClient) -> Accounts:
    """Give everything over *connection*."""
    passwords = Passwords(CHEAP)
    return Accounts(
        connection,
        passwords,
        Administration(connection),
        Recovery(connection, passwords),
        SignIn(connection, passwords),
        SecondFactor(connection, passwords, "servicespace"),
        Session(connection, 2.0, AccountStoreError),
    )
