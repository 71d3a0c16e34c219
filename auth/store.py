"""auth's own tables: Users, and the keys that sign access tokens."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index
from tortoise.models import Model

from auth.data_scope import DataScopes, decoded, encoded, with_scopes
from auth.epochs import Epochs
from auth.right import Rights
from auth.session import Session
from auth.viewer import CustomerCode, UserId


class UserProfile(DataScopes, frozen=True, kw_only=True):
    """A User as it is saved, with its data scopes; ``rights`` are none where nothing is said."""

    username: str
    customer: CustomerCode
    email: str
    active: bool = True
    rights: Rights = Rights()


class UserRecord(UserProfile, frozen=True, kw_only=True):
    """A User as it is stored.

    Whatever was issued to it before ``valid_from``, in seconds since 1970, is void: sessions, access tokens
    and refresh tokens.
    """

    id: UserId
    valid_from: int = 0


class UserStoreError(Exception):
    """The store of Users failed or was too slow."""


class UsernameTakenError(Exception):
    """The username belongs to a User of another customer."""


class User(Model):
    """The table of ``UserRecord``."""

    id = fields.IntField(primary_key=True)
    customer = fields.CharField(64)
    username = fields.CharField(128, unique=True)
    email = fields.CharField(254)
    active = fields.BooleanField()
    rights: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict)
    valid_from = fields.BigIntField(default=0)
    scopes: fields.JSONField[dict[str, list[str] | None]] = fields.JSONField()

    class Meta(Model.Meta):
        """The table's name and index."""

        app = "auth"
        table = "auth_user"
        indexes = (Index(fields=("customer", "username")),)


class SigningKey(Model):
    """The table of keys, of which at most one has the role ``signing``, and one ``next``.

    One that signed before has no role, and verifies nothing any more from ``retired_at`` on.
    """

    id = fields.IntField(primary_key=True)
    kid = fields.CharField(64, unique=True)
    role = fields.CharField(16, unique=True, null=True)
    private_jwk = fields.TextField()
    created_at = fields.DatetimeField()
    retired_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_signing_key"


class UserChange(Model):
    """When a User last changed. The row of no name counts the epochs."""

    username = fields.CharField(128, primary_key=True)
    epoch = fields.BigIntField(db_index=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_user_change"


USER_COLUMNS: Final = ("id", "username", "customer", "email", "active", "rights", "valid_from", "scopes")
"""What is read of a User."""
_USER: Final = f"SELECT {', '.join(USER_COLUMNS)} FROM auth_user WHERE username = ?"  # noqa: S608 - constants
_NEW_USER: Final = (
    "INSERT INTO auth_user (customer, username, email, active, rights, scopes, valid_from) "
    "VALUES (?, ?, ?, ?, ?, ?, 0) "
    "ON CONFLICT (username) DO NOTHING"
)
_SAME_USER: Final = (
    "UPDATE auth_user SET email = ?, active = ?, rights = ?, scopes = ? "
    "WHERE customer = ? AND username = ? RETURNING id, valid_from"
)
_VOID: Final = "UPDATE auth_user SET valid_from = ? WHERE username = ? AND valid_from < ?"
_EPOCHS: Final = Epochs("auth_user_change", "username")


class UserStore:
    """The Users in the embedded database.

    ``seconds`` bounds every statement, the wait for a connection included. Every method raises
    ``UserStoreError`` where the database fails or is slower.
    """

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, UserStoreError)

    async def by_username(self, username: str) -> UserRecord | None:
        """Give the User of that name, active or not; None if there is none."""
        rows = await self._session.run(_USER, [username])
        return user_of(rows[0]) if rows else None

    async def save(self, user: UserProfile) -> UserRecord:
        """Store *user*, or change the User of that name.

        Raises ``UsernameTakenError`` if the name is that of another customer's User, who stays as it was.
        """
        async with self._session.transaction() as inner:
            return await save_user(inner, user)

    async def void(self, username: str, moment: datetime) -> None:
        """Make void whatever was issued to the User of that name before *moment*, in whole seconds."""
        async with self._session.transaction() as inner:
            await void_user(inner, username, moment)

    async def changes(self, after: int | None) -> tuple[int, Sequence[str]]:
        """Give the newest epoch, and the names of the Users that changed after *after*; none for None.

        An epoch is told when all that it changed can be read.
        """
        return await _EPOCHS.changes(self._session, after)


async def save_user(session: Session, user: UserProfile) -> UserRecord:
    """Store *user*, or change the User of that name, in a transaction; raises as ``UserStore.save`` does."""
    rights = msgspec.json.encode(user.rights).decode()
    changing = [user.email, user.active, rights, encoded(user)]
    epoch = await _EPOCHS.count(session)
    await session.run(_NEW_USER, [user.customer, user.username, *changing])
    rows = await session.run(_SAME_USER, [*changing, user.customer, user.username])
    if not rows:
        raise UsernameTakenError(user.username)
    await _EPOCHS.announce(session, user.username, epoch)
    profile = {name: getattr(user, name) for name in UserProfile.__struct_fields__}
    return UserRecord(id=UserId(rows[0]["id"]), valid_from=rows[0]["valid_from"], **profile)


async def void_user(session: Session, username: str, moment: datetime) -> None:
    """Make void what was issued to the User of that name before *moment*, in a transaction."""
    epoch, seconds = await _EPOCHS.count(session), math.ceil(moment.timestamp())
    await session.run(_VOID, [seconds, username, seconds])
    await _EPOCHS.announce(session, username, epoch)


async def hold_users(session: Session) -> None:
    """Keep all other transactions from changing a User until this one ends."""
    await _EPOCHS.count(session)


def user_of(row: Mapping[str, Any]) -> UserRecord:
    """Give the User in a row that has ``USER_COLUMNS``."""
    user = UserRecord(
        id=UserId(row["id"]),
        username=row["username"],
        customer=CustomerCode(row["customer"]),
        email=row["email"],
        active=bool(row["active"]),
        rights=msgspec.json.decode(row["rights"], type=Rights),
        valid_from=row["valid_from"],
    )
    return with_scopes(user, decoded(row["scopes"]))
