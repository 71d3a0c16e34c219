"""Stock Strawberry: its own ASGI view, aiodataloader, its caches of documents and validations."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Generic, TypeVar, cast

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from bench.batches import Batches, moment
from bench.place import Place
from bench.rows import Rows
from bench.wire import Row
from bench.wording import amount, document_id, global_id

T = TypeVar("T")
Info = strawberry.Info[Batches, None]


@strawberry.type
class Connection(Generic[T]):
    """A page of a list."""

    nodes: list[T]


@strawberry.type
class Money:
    """An amount of money."""

    amount: str
    currency: str


@strawberry.interface
class BillingDocument:
    """An invoice or a credit note."""

    id: strawberry.ID
    number: str
    kind: str
    issued_on: str
    amount: Money
    status: str


@strawberry.type
class Invoice(BillingDocument):
    """An invoice."""


@strawberry.type
class CreditNote(BillingDocument):
    """A credit note."""


@strawberry.type
class Ticket:
    """A ticket."""

    id: strawberry.ID
    reference: str
    title: str
    priority: str
    status: str
    opened_at: str


@strawberry.type
class Location:
    """A site."""

    name: str


@strawberry.type
class Component:
    """A component."""

    id: strawberry.ID
    name: str
    kind: str
    status: str
    location_key: strawberry.Private[str | None]

    @strawberry.field
    async def location(self, info: Info) -> Location | None:
        """Give where it is."""
        found: Location | None = await info.context.location(self.location_key)
        return found


@strawberry.type
class MaintenanceEvent:
    """A maintenance."""

    id: strawberry.ID
    reference: str
    kind: str
    starts_at: str
    ends_at: str
    status: str


@strawberry.type
class Solution:
    """A Solution."""

    id: strawberry.ID
    name: str
    category: str
    status: str
    key: strawberry.Private[str]

    @strawberry.field
    async def invoices(self, info: Info, first: int) -> Connection[BillingDocument] | None:
        """Give what is billed."""
        return Connection(nodes=await info.context.under("invoices", self.key, first))

    @strawberry.field
    async def tickets(self, info: Info, first: int) -> Connection[Ticket] | None:
        """Give the tickets about it."""
        return Connection(nodes=await info.context.under("tickets", self.key, first))

    @strawberry.field
    async def components(self, info: Info, first: int) -> Connection[Component] | None:
        """Give what it includes."""
        return Connection(nodes=await info.context.under("components", self.key, first))

    @strawberry.field
    async def maintenance(self, info: Info, first: int) -> Connection[MaintenanceEvent] | None:
        """Give the maintenance that touches it."""
        return Connection(nodes=await info.context.under("maintenance", self.key, first))


@strawberry.type
class Customer:
    """A customer."""

    id: strawberry.ID
    name: str


@strawberry.type
class Viewer:
    """Who asks."""

    username: str
    email: str | None

    @strawberry.field
    async def customer(self, info: Info) -> Customer | None:
        """Give the User's customer."""
        row = await info.context.rows.customer(info.context.customer)
        return row and Customer(id=strawberry.ID(global_id("Customer", row["id"])), name=row["name"])


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    def viewer(self, info: Info) -> Viewer | None:
        """Give who asks."""
        user = info.context.user
        return Viewer(username=user["username"], email=user["email"])

    @strawberry.field
    async def solutions(self, info: Info, first: int) -> Connection[Solution] | None:
        """Give what the customer ordered."""
        rows = await info.context.rows.solutions(info.context.customer, first)
        return Connection(nodes=[_solution(row) for row in rows])


def _solution(row: Row) -> Solution:
    return Solution(
        id=strawberry.ID(global_id("Solution", row["id"])),
        name=row["name"],
        category=row["category"],
        status=row["status"],
        key=row["id"],
    )


def _document(row: Row) -> BillingDocument:
    made = Invoice if row["kind"] == "INVOICE" else CreditNote
    return made(
        id=strawberry.ID(document_id(row["kind"], row["id"])),
        number=row["number"],
        kind=row["kind"],
        issued_on=row["issued_on"].isoformat(),
        amount=Money(amount=amount(row["tax_included_minor"]), currency=row["currency"]),
        status=row["status"],
    )


def _ticket(row: Row) -> Ticket:
    return Ticket(
        id=strawberry.ID(global_id("Ticket", row["id"])),
        reference=row["reference"],
        title=row["title"],
        priority=row["priority"],
        status=row["status"],
        opened_at=moment(row, "opened_at"),
    )


def _component(row: Row) -> Component:
    return Component(
        id=strawberry.ID(global_id("Component", row["id"])),
        name=row["name"],
        kind=row["kind"],
        status=row["status"],
        location_key=row["location"],
    )


def _maintenance(row: Row) -> MaintenanceEvent:
    return MaintenanceEvent(
        id=strawberry.ID(global_id("MaintenanceEvent", row["id"])),
        reference=row["reference"],
        kind=row["kind"],
        starts_at=moment(row, "starts_at"),
        ends_at=moment(row, "ends_at"),
        status=row["status"],
    )


def _location(row: Row) -> Location:
    return Location(name=row["name"])


MAKERS = {
    "invoices": _document,
    "tickets": _ticket,
    "components": _component,
    "maintenance": _maintenance,
    "locations": _location,
}

SCHEMA = strawberry.Schema(
    query=Query, types=[Invoice, CreditNote], extensions=[ParserCache, ValidationCache]
)


class View(GraphQL[Batches, None]):
    """Strawberry's view with a context of its own for each request."""

    rows: Rows

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:  # noqa: ANN401, ARG002 - Strawberry's signature
        """Let the asker in."""
        assert isinstance(request, Request)  # noqa: S101 - nothing else is asked
        return await Batches.of(self.rows, request, MAKERS)


@asynccontextmanager
async def _lifespan(view: View, place: Place, _: Starlette) -> AsyncGenerator[None]:
    view.rows = await Rows.open(place)
    yield


def create_app(place: Place) -> Starlette:
    """Give the application."""
    view = View(SCHEMA)
    application = Starlette(lifespan=partial(_lifespan, view, place))
    application.add_route("/graphql", cast("Any", view))  # an ASGI application is taken too
    return application
