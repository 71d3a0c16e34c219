"""The store of OAuth clients: their secrets, and what each is granted of which customer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.audit import AuditAction, AuditEvent, write_down
from auth.client import (
    Client,
    ClientError,
    ClientGrant,
    ClientKind,
    CoverageMode,
    RegisteredClient,
    SecretHash,
    check_client,
    hashed,
    make_secret,
)
from auth.data_scope import decoded, encoded, with_scopes
from auth.epochs import Epochs
from auth.key import Secret
from auth.scope import joined, within
from auth.session import Session
from auth.viewer import ClientId, CustomerCode

SECRET_LIFETIME: Final = timedelta(days=730)
"""How long a secret can be used (identity.md "Tokens"): two years."""
GRACE: Final = timedelta(days=7)
"""How long the old secret can be used beside the new one."""

_COLUMNS: Final = "id, name, kind, owner, first_party, redirect_uris, logout_uris, scopes, coverage, active"
_CLIENT: Final = f"SELECT {_COLUMNS} FROM auth_client WHERE id = ?"  # noqa: S608 - constants
_ALL: Final = f"SELECT {_COLUMNS} FROM auth_client ORDER BY id"  # noqa: S608 - constants
_OF_CUSTOMER: Final = (
    f"SELECT {_COLUMNS} FROM auth_client WHERE owner = ? OR id IN "  # noqa: S608 - constants
    "(SELECT client FROM auth_client_grant WHERE customer = ?) ORDER BY id"
)
_NEW: Final = (
    f"INSERT INTO auth_client ({_COLUMNS}, created_at) "  # noqa: S608 - constants
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id"
)
_CHANGE: Final = "UPDATE auth_client SET redirect_uris = ?, logout_uris = ?, scopes = ? WHERE id = ?"
_LOCK: Final = "UPDATE auth_client SET active = active WHERE id = ? RETURNING active, kind"
"""Holds the client's row until the transaction ends."""
_END: Final = "UPDATE auth_client SET active = ? WHERE id = ? RETURNING id"
_SECRETS: Final = (
    "SELECT hash, created_at, expires_at FROM auth_client_secret WHERE client = ? ORDER BY id DESC"
)
_ADD_HASH: Final = "INSERT INTO auth_client_secret (client, hash, created_at, expires_at) VALUES (?, ?, ?, ?)"
_SHORTEN: Final = "UPDATE auth_client_secret SET expires_at = ? WHERE client = ? AND expires_at > ?"
_FORGET: Final = (
    "DELETE FROM auth_client_secret WHERE client = ? AND id NOT IN "
    "(SELECT id FROM auth_client_secret WHERE client = ? ORDER BY id DESC LIMIT 1)"
)
_FORGET_ALL: Final = "DELETE FROM auth_client_secret WHERE client = ?"
_GRANTS: Final = "SELECT customer, scopes, data, active FROM auth_client_grant WHERE client = ?"
_GRANT: Final = (
    "INSERT INTO auth_client_grant (client, customer, scopes, data, active) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (client, customer) DO UPDATE SET scopes = excluded.scopes, data = excluded.data, "
    "active = excluded.active"
)
_EPOCHS: Final = Epochs("auth_client_change", "client")


class ClientStoreError(Exception):
    """The store of clients failed or was too slow."""


class ClientStore:
    """The OAuth clients in the embedded database.

    ``seconds`` bounds every statement. Every method raises ``ClientStoreError`` where the database fails or
    is slower. ``by`` is who does it, and ``source`` from which address, as the audit log has them.
    """

    def __init__(self, connection: BaseDBAsyncClient, seconds: float = 2.0) -> None:
        """Use *connection*, on which the migrations of auth have run."""
        self._session = Session(connection, seconds, ClientStoreError)

    async def by_id(self, client: str) -> RegisteredClient | None:
        """Give the client of that id, active or not; None if there is none."""
        if "\0" in client:  # no text of PostgreSQL
            return None
        rows = await self._session.run(_CLIENT, [client])
        return await self._registered(rows[0]) if rows else None

    async def all(self) -> Sequence[RegisteredClient]:
        """Give every client, by id."""
        return [await self._registered(each) for each in await self._session.run(_ALL, [])]

    async def clients_of(self, customer: CustomerCode) -> Sequence[RegisteredClient]:
        """Give the clients that *customer* owns, and those that ever were granted some of it, by id."""
        rows = await self._session.run(_OF_CUSTOMER, [customer, customer])
        return [await self._registered(each) for each in rows]

    async def create_client(
        self, client: Client, grant: ClientGrant | None = None, *, by: str, now: datetime, source: str = ""
    ) -> Secret | None:
        """Register *client*, with a first *grant*; give its secret, told this once, None for one without.

        Raises ``ClientError`` where it cannot be registered, or its id is another's.
        """
        check_client(client)
        secret = None if client.kind is ClientKind.BROWSER else make_secret()
        moment = int(now.timestamp())
        async with self._session.transaction() as inner:
            epoch = await _EPOCHS.count(inner)
            if not await inner.run(_NEW, [*_values(client), moment]):
                raise ClientError(f"There is a client {client.id!r} already.")
            if secret is not None:
                await _add_secret(inner, client.id, secret, moment)
            await _EPOCHS.announce(inner, client.id, epoch)
            details = {"kind": client.kind.value, "scopes": " ".join(client.scopes)}
            await write_down(
                inner, _event(AuditAction.CLIENT_CREATED, client.owner, by, client.id, source, details)
            )
            if grant is not None:
                await _store_grant(inner, client.id, client.scopes, grant, by, source)
        return secret

    async def ensure(self, client: Client, *, now: datetime) -> None:
        """Register *client*, one of our own, or give the one that is there its addresses and scopes."""
        found = await self.by_id(client.id)
        if found is None:
            try:
                await self.create_client(client, by="", now=now)
            except ClientError:  # another process was faster
                return
        elif _changeable(found.client) != _changeable(client):
            async with self._session.transaction() as inner:
                epoch = await _EPOCHS.count(inner)
                await inner.run(_CHANGE, [*_changeable(client), client.id])
                await _EPOCHS.announce(inner, client.id, epoch)

    async def rotate_secret(
        self, client: ClientId, *, by: str, now: datetime, grace: timedelta = GRACE, source: str = ""
    ) -> Secret:
        """Give the client a new secret, told this once; the newest old one can be used for *grace* more.

        Raises ``ClientError`` where there is no such client, or it has no secrets.
        """
        secret, moment = make_secret(), int(now.timestamp())
        async with self._session.transaction() as inner:
            epoch = await _EPOCHS.count(inner)
            rows = await inner.run(_LOCK, [client])
            if not rows or not rows[0]["active"] or rows[0]["kind"] == ClientKind.BROWSER.value:
                raise ClientError("There is no such client that has secrets.")
            last = moment + int(grace.total_seconds())
            await inner.run(_FORGET, [client, client])
            await inner.run(_SHORTEN, [last, client, last])
            await _add_secret(inner, client, secret, moment)
            await _EPOCHS.announce(inner, client, epoch)
            (row,) = await inner.run(_CLIENT, [client])
            details = {"old_until": str(last)}
            action = AuditAction.CLIENT_SECRET_ROTATED
            await write_down(inner, _event(action, row["owner"], by, client, source, details))
        return secret

    async def revoke_client(self, client: ClientId, *, by: str, source: str = "") -> bool:
        """End the client: its tokens, its secrets, for good; tell whether there is one of that id."""
        async with self._session.transaction() as inner:
            epoch = await _EPOCHS.count(inner)
            if not await inner.run(_END, [False, client]):
                return False
            await inner.run(_FORGET_ALL, [client])
            await _EPOCHS.announce(inner, client, epoch)
            (row,) = await inner.run(_CLIENT, [client])
            await write_down(inner, _event(AuditAction.CLIENT_REVOKED, row["owner"], by, client, source, {}))
        return True

    async def grant(self, client: ClientId, grant: ClientGrant, *, by: str, source: str = "") -> None:
        """Let the client see what *grant* says of its customer, and no more; not ``active``: nothing.

        Raises ``ClientError`` where there is no such client, or the grant has scopes that it may not ask for.
        """
        async with self._session.transaction() as inner:
            epoch = await _EPOCHS.count(inner)
            rows = await inner.run(_CLIENT, [client])
            if not rows:
                raise ClientError("There is no such client.")
            await _store_grant(inner, client, rows[0]["scopes"].split(), grant, by, source)
            await _EPOCHS.announce(inner, client, epoch)

    async def changes(self, after: int | None) -> tuple[int, Sequence[str]]:
        """Give the newest epoch, and the ids of the clients that changed after *after*; none for None."""
        return await _EPOCHS.changes(self._session, after)

    async def _registered(self, row: Mapping[str, Any]) -> RegisteredClient:
        secrets = await self._session.run(_SECRETS, [row["id"]])
        grants = [_grant(each) for each in await self._session.run(_GRANTS, [row["id"]])]
        return RegisteredClient(
            client=_client(row),
            secrets=msgspec.convert(secrets, tuple[SecretHash, ...]),
            grants={each.customer: each for each in grants},
        )


async def _store_grant(
    session: Session, client: ClientId, scopes: Collection[str], grant: ClientGrant, by: str, source: str
) -> None:
    if not within(" ".join(grant.scopes), scopes):
        raise ClientError("The grant has scopes that the client may not ask for.")
    data = encoded(grant)
    await session.run(_GRANT, [client, grant.customer, joined(grant.scopes), data, grant.active])
    details = {"scopes": joined(grant.scopes), "active": str(grant.active).lower(), "data": data}
    await write_down(session, _event(AuditAction.CLIENT_GRANTED, grant.customer, by, client, source, details))


async def _add_secret(session: Session, client: ClientId, secret: Secret, now: int) -> None:
    expires_at = now + int(SECRET_LIFETIME.total_seconds())
    await session.run(_ADD_HASH, [client, hashed(secret), now, expires_at])


def _event(
    action: AuditAction, customer: str, by: str, client: str, source: str, details: Mapping[str, str]
) -> AuditEvent:
    return AuditEvent(
        action=action, customer=customer, actor=by, subject=f"client:{client}", source=source, details=details
    )


def _values(client: Client) -> Iterable[object]:
    return (
        client.id,
        client.name,
        client.kind.value,
        client.owner,
        client.first_party,
        *_changeable(client),
        client.coverage.value,
        client.active,
    )


def _changeable(client: Client) -> Sequence[str]:
    """Give the addresses and scopes of *client* as they are stored."""
    return " ".join(client.redirect_uris), " ".join(client.logout_uris), joined(client.scopes)


def _client(row: Mapping[str, Any]) -> Client:
    return Client(
        id=ClientId(row["id"]),
        name=row["name"],
        kind=ClientKind(row["kind"]),
        owner=row["owner"],
        first_party=bool(row["first_party"]),
        redirect_uris=tuple(row["redirect_uris"].split()),
        logout_uris=tuple(row["logout_uris"].split()),
        scopes=tuple(row["scopes"].split()),
        coverage=CoverageMode(row["coverage"]),
        active=bool(row["active"]),
    )


def _grant(row: Mapping[str, Any]) -> ClientGrant:
    grant = ClientGrant(
        customer=CustomerCode(row["customer"]),
        scopes=tuple(row["scopes"].split()),
        active=bool(row["active"]),
    )
    return with_scopes(grant, decoded(row["data"]))
