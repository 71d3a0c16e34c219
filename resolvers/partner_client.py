"""The OAuth clients of a customer's partners, for its administrators."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final, NamedTuple

from auth.account import moment_of
from auth.client import Client, ClientError, ClientGrant, ClientKind, CoverageMode, RegisteredClient
from auth.client_store import ClientStore, ClientStoreError
from auth.data_scope import NOTHING, is_beyond, with_scopes
from auth.feature import feature_of
from auth.key import Secret
from auth.right import NEEDED, denied
from auth.scope import IDENTITY, PORTAL, SCOPES, allowed_roles, joined
from auth.viewer import ClientId, CustomerCode
from resolvers import data_scope
from resolvers.context import Context, Info
from resolvers.data_scope import DataScope, GivenScope
from resolvers.errors import BadUserInputError, NotFoundError, NotPermittedError
from resolvers.user import actor
from sources.errors import SourceUnavailableError

_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SLUG: Final = 40
"""How much of a name is part of an id."""


class ClientSecret(NamedTuple):
    """A secret that a client has; the secret itself is told once, when it is made."""

    created_at: datetime
    expires_at: datetime


class PartnerClient(NamedTuple):
    """A client as administrators see it."""

    client_id: str
    name: str
    kind: ClientKind
    active: bool
    strict: bool
    scopes: Sequence[str]
    redirect_uris: Sequence[str]
    scope: DataScope
    secrets: Sequence[ClientSecret]


class NewSecret(NamedTuple):
    """A client, and its new secret, None for a client that has none."""

    client: PartnerClient
    secret: str | None


async def of_customer(parents: Sequence[None], info: Info) -> Sequence[Sequence[PartnerClient]]:
    """Give the clients that the asker's customer owns, or that were granted some of it, by id."""
    context = info.context
    async with _clients(context) as clients:
        found = await clients.clients_of(CustomerCode(context.customer))
    return [[_shown(each, context) for each in found] for _ in parents]


async def create(
    parents: Sequence[None],
    info: Info,
    name: str,
    kind: ClientKind,
    scopes: Sequence[str],
    redirect_uris: Sequence[str],
    *,
    strict: bool,
    scope: GivenScope | None = None,
) -> Sequence[NewSecret]:
    """Register a client that may see of the customer what *scopes* say, and no more than the asker."""
    context = info.context
    _check(context, name, scopes)
    customer = CustomerCode(context.customer)
    client = Client(
        id=_new_id(customer, name),
        name=name,
        kind=kind,
        owner=customer,
        redirect_uris=tuple(redirect_uris),
        scopes=tuple(joined(scopes).split()),
        coverage=CoverageMode.STRICT if strict else CoverageMode.PRUNE,
    )
    grant = await _grant(context, client.scopes, scope)
    async with _clients(context) as clients:
        secret = await clients.create_client(client, grant, by=actor(context).name, now=datetime.now(UTC))
        return [NewSecret(_shown(await _of(clients, context, client.id), context), _told(secret))] * len(
            parents
        )


async def rotate(parents: Sequence[None], info: Info, client_id: str) -> Sequence[NewSecret]:
    """Give a client another secret; the one before can be used for some days more."""
    context = info.context
    async with _clients(context) as clients:
        found = await _own(clients, context, client_id)
        for each in found.grants.values():
            _check(context, client_id, each.scopes)
            _check_scope(context, each)
        secret = await clients.rotate_secret(
            ClientId(client_id), by=actor(context).name, now=datetime.now(UTC)
        )
        return [NewSecret(_shown(await _of(clients, context, client_id), context), _told(secret))] * len(
            parents
        )


async def set_scopes(
    parents: Sequence[None],
    info: Info,
    client_id: str,
    scopes: Sequence[str],
    scope: GivenScope | None = None,
) -> Sequence[PartnerClient]:
    """Let a client see of the customer this, and no more; no scope at all is nothing.

    Where nothing is said of what it may see, that stays.
    """
    context = info.context
    _check(context, client_id, scopes)
    grant = await _grant(context, tuple(joined(scopes).split()), scope)
    async with _clients(context) as clients:
        before = (await _of(clients, context, client_id)).grants.get(grant.customer)
        if scope is None and before is not None:  # what it may see stays
            _check_scope(context, before)
            grant = with_scopes(grant, before)
        await clients.grant(ClientId(client_id), grant, by=actor(context).name)
        return [_shown(await _of(clients, context, client_id), context)] * len(parents)


async def revoke(parents: Sequence[None], info: Info, client_id: str) -> Sequence[PartnerClient]:
    """End a client of the customer: its secrets and its tokens."""
    context = info.context
    async with _clients(context) as clients:
        await _own(clients, context, client_id)
        await clients.revoke_client(ClientId(client_id), by=actor(context).name)
        return [_shown(await _of(clients, context, client_id), context)] * len(parents)


def _check(context: Context, name: str, scopes: Sequence[str]) -> None:
    """Refuse scopes that there are not, and those that reach further than the asker's own rights."""
    if not name.strip():
        raise BadUserInputError("`name` is empty.", ["name"], "NOT_EMPTY")
    for each in scopes:
        if each not in SCOPES or each == PORTAL:
            raise BadUserInputError(f"There is no scope {each!r} for partners.", ["scopes"], "UNKNOWN_SCOPE")
    allowed = allowed_roles(" ".join(scopes))
    beyond = denied(context.viewer.rights, allowed_roles(context.viewer.scope))
    for gate in beyond.keys() & NEEDED.keys():
        if allowed[feature_of(gate)].reaches(NEEDED[gate]):
            raise NotPermittedError(f"You cannot let a partner do more than you may: {gate.value}.")


async def _grant(context: Context, scopes: tuple[str, ...], scope: GivenScope | None) -> ClientGrant:
    grant = ClientGrant(
        customer=CustomerCode(context.customer),
        scopes=tuple(each for each in scopes if each not in IDENTITY),
        active=bool(scopes),
    )
    return with_scopes(grant, await data_scope.given(context, scope))


def _new_id(customer: str, name: str) -> ClientId:
    slug = _NOT_SLUG.sub("-", f"{customer}-{name}".lower())[:_SLUG].strip("-")
    return ClientId(f"{slug}-{token_hex(4)}")


async def _of(clients: ClientStore, context: Context, client_id: str) -> RegisteredClient:
    """Give a client that the customer has to do with; raises ``NotFoundError`` for any other."""
    found = await clients.by_id(client_id)
    customer = CustomerCode(context.customer)
    if found is None or (found.client.owner != customer and customer not in found.grants):
        raise NotFoundError
    return found


async def _own(clients: ClientStore, context: Context, client_id: str) -> RegisteredClient:
    """Give a client of the customer's own; raises ``ClientError`` for any other."""
    found = await _of(clients, context, client_id)
    if found.client.owner != context.customer:
        raise NotPermittedError("This client is not yours to change; you may set what it sees of you.")
    return found


def _check_scope(context: Context, grant: ClientGrant) -> None:
    """Refuse to let a client see more than the asker does."""
    if is_beyond([context.viewer], grant):
        raise NotPermittedError("This client sees more than you do: ask another administrator.")


@asynccontextmanager
async def _clients(context: Context) -> AsyncGenerator[ClientStore]:
    """Give the store of clients, whose errors are told to the caller."""
    registry = context.registry
    if registry is None:
        raise SourceUnavailableError("clients", "this service has no clients of its own")
    try:
        yield registry.clients
    except ClientStoreError as error:
        raise SourceUnavailableError("clients", str(error)) from error
    except ClientError as error:
        raise BadUserInputError(str(error), [], "CLIENT") from error


def _is_let_in(client: Client, customer: str, grant: ClientGrant | None) -> bool:
    """Tell whether a client sees anything of *customer*: its own client takes its Users without a grant."""
    if grant is None:
        return client.owner == customer and client.kind is not ClientKind.SERVICE
    return grant.active


def _told(secret: Secret | None) -> str | None:
    return None if secret is None else secret.encode().decode()


def _shown(found: RegisteredClient, context: Context) -> PartnerClient:
    client, customer = found.client, CustomerCode(context.customer)
    grant = found.grants.get(customer)
    return PartnerClient(
        client_id=client.id,
        name=client.name,
        kind=client.kind,
        active=client.active and _is_let_in(client, customer, grant),
        strict=client.coverage is CoverageMode.STRICT,
        scopes=() if grant is None else grant.scopes,
        redirect_uris=client.redirect_uris,
        scope=data_scope.shown(NOTHING if grant is None else grant),
        secrets=[
            ClientSecret(moment_of(each.created_at), moment_of(each.expires_at)) for each in found.secrets
        ]
        if client.owner == customer
        else (),
    )
