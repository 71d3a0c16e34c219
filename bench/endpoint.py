"""The limit of Python: each answer written by hand, no GraphQL anywhere, the same bytes as the service's."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.place import Place
from bench.query import COMPONENTS, INVOICES, MAINTENANCE, SOLUTIONS, TICKETS
from bench.rows import Rows
from bench.wire import Row
from bench.wording import amount, document_id, global_id


class Endpoint:
    """One handler for each query."""

    rows: Rows

    def __init__(self, place: Place) -> None:
        """Answer from the database of *place*."""
        self._place = place

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncGenerator[None]:
        """Connect before the first request."""
        self.rows = await Rows.open(self._place)
        yield

    async def dashboard(self, request: Request) -> Response:
        """Answer the dashboard query."""
        await request.body()
        user = await self.rows.user(request.headers["authorization"])
        customer: str = user["customer"]
        solutions = await self.rows.solutions(customer, SOLUTIONS)
        keys = [each["id"] for each in solutions]
        invoices, tickets, components, maintenance = await asyncio.gather(
            self.rows.under("invoices", customer, keys, INVOICES),
            self.rows.under("tickets", customer, keys, TICKETS),
            self._components(customer, keys),
            self.rows.under("maintenance", customer, keys, MAINTENANCE),
        )
        nodes = [
            {
                "id": global_id("Solution", key := each["id"]),
                "name": each["name"],
                "category": each["category"],
                "status": each["status"],
                "invoices": {"nodes": [_invoice(row) for row in invoices[key]]},
                "tickets": {"nodes": [_ticket(row) for row in tickets[key]]},
                "components": {"nodes": components[key]},
                "maintenance": {"nodes": [_maintenance(row) for row in maintenance[key]]},
            }
            for each in solutions
        ]
        return _answer({"solutions": {"nodes": nodes}})

    async def small(self, request: Request) -> Response:
        """Answer the small query."""
        await request.body()
        user = await self.rows.user(request.headers["authorization"])
        code: str = user["customer"]
        customer, solutions = await asyncio.gather(self.rows.customer(code), self.rows.solutions(code, 1))
        viewer = {
            "username": user["username"],
            "email": user["email"],
            "customer": customer and {"id": global_id("Customer", code), "name": customer["name"]},
        }
        nodes = [
            {
                "id": global_id("Solution", each["id"]),
                "name": each["name"],
                "category": each["category"],
                "status": each["status"],
            }
            for each in solutions
        ]
        return _answer({"viewer": viewer, "solutions": {"nodes": nodes}})

    async def _components(self, customer: str, keys: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        found = await self.rows.under("components", customer, keys, COMPONENTS)
        wanted = {row["location"] for rows in found.values() for row in rows}
        stored = await self.rows.locations(customer, [each for each in wanted if each is not None])
        locations = {key: {"name": row["name"]} for key, row in stored.items()}
        return {key: [_component(row, locations) for row in rows] for key, rows in found.items()}


def _invoice(row: Row) -> dict[str, Any]:
    return {
        "id": document_id(row["kind"], row["id"]),
        "number": row["number"],
        "kind": row["kind"],
        "issuedOn": row["issued_on"],
        "amount": {"amount": amount(row["tax_included_minor"]), "currency": row["currency"]},
        "status": row["status"],
    }


def _ticket(row: Row) -> dict[str, Any]:
    return {
        "id": global_id("Ticket", row["id"]),
        "reference": row["reference"],
        "title": row["title"],
        "priority": row["priority"],
        "status": row["status"],
        "openedAt": row["opened_at"],
    }


def _component(row: Row, locations: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "id": global_id("Component", row["id"]),
        "name": row["name"],
        "kind": row["kind"],
        "location": locations.get(row["location"]),
        "status": row["status"],
    }


def _maintenance(row: Row) -> dict[str, Any]:
    return {
        "id": global_id("MaintenanceEvent", row["id"]),
        "reference": row["reference"],
        "kind": row["kind"],
        "startsAt": row["starts_at"],
        "endsAt": row["ends_at"],
        "status": row["status"],
    }


def _answer(data: Mapping[str, object]) -> Response:
    return Response(orjson.dumps({"data": data}, option=orjson.OPT_UTC_Z), media_type="application/json")


def create_app(place: Place) -> Starlette:
    """Give the application: a path for each query."""
    endpoint = Endpoint(place)
    routes = [
        Route("/dashboard", endpoint.dashboard, methods=["POST"]),
        Route("/small", endpoint.small, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=endpoint.lifespan)
