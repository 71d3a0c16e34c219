"""Ariadne, schema first: its own ASGI application, aiodataloader, documents and validations kept."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias, cast

from ariadne import InterfaceType, ObjectType, QueryType, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate
from graphql import GraphQLResolveInfo as AnyInfo
from starlette.applications import Starlette
from starlette.requests import Request

from bench.batches import Batches, Makers, moment
from bench.folder import HERE
from bench.place import Place
from bench.rows import Rows
from bench.wire import Row
from bench.wording import amount, document_id, global_id

Info: TypeAlias = AnyInfo[Batches]

Found: TypeAlias = dict[str, Any]
"""An object as Ariadne's default resolvers read it."""

QUERY: Final = QueryType()
VIEWER: Final = ObjectType("Viewer")
SOLUTION: Final = ObjectType("Solution")
COMPONENT: Final = ObjectType("Component")
DOCUMENT: Final = InterfaceType("BillingDocument")


@QUERY.field("viewer")
def viewer(_: object, info: Info) -> Found:
    """Give who asks."""
    return dict(info.context.user)


@VIEWER.field("customer")
async def customer(_: object, info: Info) -> Found | None:
    """Give the User's customer."""
    row = await info.context.rows.customer(info.context.customer)
    return row and {"id": global_id("Customer", row["id"]), "name": row["name"]}


@QUERY.field("solutions")
async def solutions(_: object, info: Info, first: int) -> Found:
    """Give what the customer ordered."""
    rows = await info.context.rows.solutions(info.context.customer, first)
    return {"nodes": [{**row, "key": row["id"], "id": global_id("Solution", row["id"])} for row in rows]}


@SOLUTION.field("invoices")
@SOLUTION.field("tickets")
@SOLUTION.field("components")
@SOLUTION.field("maintenance")
async def under(solution: Found, info: Info, first: int) -> Found:
    """Give a list of a Solution, by the statement of the field's name."""
    return {"nodes": await info.context.under(info.field_name, solution["key"], first)}


@COMPONENT.field("location")
async def location(component: Found, info: Info) -> Found | None:
    """Give where a component is."""
    found: Found | None = await info.context.location(component["location_key"])
    return found


@DOCUMENT.type_resolver
def document_type(document: Found, *_: object) -> str:
    """Tell invoices from credit notes."""
    return "Invoice" if document["kind"] == "INVOICE" else "CreditNote"


def _document(row: Row) -> Found:
    return {
        "id": document_id(row["kind"], row["id"]),
        "number": row["number"],
        "kind": row["kind"],
        "issuedOn": row["issued_on"].isoformat(),
        "amount": {"amount": amount(row["tax_included_minor"]), "currency": row["currency"]},
        "status": row["status"],
    }


def _ticket(row: Row) -> Found:
    return {**row, "id": global_id("Ticket", row["id"]), "openedAt": moment(row, "opened_at")}


def _component(row: Row) -> Found:
    return {**row, "id": global_id("Component", row["id"]), "location_key": row["location"]}


def _maintenance(row: Row) -> Found:
    return {
        **row,
        "id": global_id("MaintenanceEvent", row["id"]),
        "startsAt": moment(row, "starts_at"),
        "endsAt": moment(row, "ends_at"),
    }


MAKERS: Final[Makers] = {
    "invoices": _document,
    "tickets": _ticket,
    "components": _component,
    "maintenance": _maintenance,
    "locations": dict,
}


@lru_cache
def _parsed(text: str) -> DocumentNode:
    return parse(text)


@lru_cache
def _valid(schema: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    return tuple(validate(schema, document))


def _parse(_: object, data: dict[str, Any]) -> DocumentNode:
    return _parsed(data["query"])


def _validate(schema: GraphQLSchema, document: DocumentNode, *_: object, **__: object) -> list[GraphQLError]:
    return list(_valid(schema, document))


class _Asker:
    """Lets askers in, once the database is open."""

    rows: Rows

    async def context(self, request: Request, _: object = None) -> Batches:
        return await Batches.of(self.rows, request, MAKERS)


@asynccontextmanager
async def _lifespan(asker: _Asker, place: Place, _: Starlette) -> AsyncGenerator[None]:
    asker.rows = await Rows.open(place)
    yield


def create_app(place: Place) -> Starlette:
    """Give the application."""
    types = make_executable_schema(
        (HERE / "peers" / "schema.graphql").read_text(), QUERY, VIEWER, SOLUTION, COMPONENT, DOCUMENT
    )
    asker = _Asker()
    view = GraphQL(
        types,
        context_value=asker.context,
        query_parser=_parse,
        query_validator=cast("Any", _validate),
        explorer=None,
    )
    application = Starlette(lifespan=partial(_lifespan, asker, place))
    application.add_route("/graphql", cast("Any", view), methods=["POST"])  # an ASGI application is taken too
    return application
