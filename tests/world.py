"""A small world for whole queries: three customers, every kind of thing, and what each may not see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx2

from auth.right import Rights, Role, Section, denied, everywhere
from auth.viewer import CustomerCode as AuthCustomer
from auth.viewer import TokenId, UserId, Viewer
from loaders.operation import Systems
from resolvers.context import Context, Registry
from schema.execution import Executor
from schema.resolution import make_engine
from schema.view import View, Views
from servicespace.errors import UnauthenticatedError
from servicespace.graphql import GraphQLEndpoint, Served
from servicespace.request_id import RequestId
from servicespace.snapshots import CoverageSnapshots
from sources.keys import CustomerCode
from tests.fakes.billing import FakeBilling
from tests.fakes.inventory import FakeInventory
from tests.fakes.maintenance import FakeMaintenance
from tests.fakes.ordering import FakeOrdering
from tests.fakes.shelf import Diary
from tests.fakes.ticketing import FakeTicketing
from tests.ruling import shipped

VIEWS: Final = Views()
ENGINE: Final = Executor(VIEWS, make_engine())
STOCK: Final = Executor(VIEWS, None)

MORNING: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)


VISITOR: Final = Rights(
    roles={
        **dict.fromkeys(Section, Role.READER),
        Section.BILLING: Role.VISITOR,
        Section.INCIDENTS: Role.NONE,
    }
)
"""The rights of a User who may see what bills there are, but not what is on them, and no tickets."""


def user(
    number: int,
    name: str,
    customer: str,
    accounts: frozenset[str] | None = None,
    rights: Rights = everywhere(Role.MANAGER, administrator=True),  # noqa: B008 - frozen
) -> Viewer:
    """Make a User who sees all of the customer but for *accounts*."""
    return Viewer(
        user_id=UserId(number),
        username=name,
        email=f"{name}@example.com",
        customer=AuthCustomer(customer),
        accounts=accounts,
        locations=None,
        solutions=None,
        rights=rights,
        token_id=TokenId(name),
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )


PERSONAS: Final[Mapping[str, Viewer]] = {
    each.username: each
    for each in (
        user(1, "acme-admin", "acme-global"),
        user(2, "acme-billing", "acme-global", frozenset({"A-2"})),
        user(6, "acme-visitor", "acme-global", rights=VISITOR),
        user(3, "baker-admin", "baker-retail"),
        user(4, "cobalt-admin", "cobalt-lite"),
        user(5, "nobody-admin", "nobody"),
    )
}
"""The Users of the demo, and one of a customer that ordered nothing."""


@dataclass
class World:
    """The systems in memory, and the service over them."""

    ordering: FakeOrdering = field(default_factory=FakeOrdering)
    billing: FakeBilling = field(default_factory=FakeBilling)
    ticketing: FakeTicketing = field(default_factory=FakeTicketing)
    inventory: FakeInventory = field(default_factory=FakeInventory)
    maintenance: FakeMaintenance = field(default_factory=FakeMaintenance)
    stock: bool = False
    registry: Registry | None = None

    @property
    def diaries(self) -> list[Diary]:
        """What each system was asked."""
        fakes = (self.ordering, self.billing, self.ticketing, self.inventory, self.maintenance)
        return [each.diary for each in fakes]

    @property
    def calls(self) -> list[str]:
        """What all systems were asked since the operation began, in the order of the alphabet."""
        return sorted(line for diary in self.diaries for line in diary.lines)

    @property
    def systems(self) -> Systems:
        """The systems as the loaders take them."""
        return Systems(
            ordering=self.ordering,
            billing=self.billing,
            ticketing=self.ticketing,
            inventory=self.inventory,
            maintenance=self.maintenance,
        )

    async def authenticate(self, authorization: str | None) -> Viewer:
        """Give the persona whose name is the token."""
        persona = PERSONAS.get((authorization or "").removeprefix("Bearer "))
        if persona is None:
            raise UnauthenticatedError
        return persona

    async def make_context(self, viewer: Viewer, _: RequestId) -> Context:
        """Give a context; what coverage was computed from is not in ``calls``."""
        snapshots = CoverageSnapshots(self.ordering, shipped, 0)
        coverage = await snapshots.of(CustomerCode(viewer.customer))
        for diary in self.diaries:
            diary.lines.clear()
        return Context(viewer, coverage.within(denied(viewer.rights)), self.systems, self.registry)

    @property
    def executor(self) -> Executor:
        """What runs the operations: the engine, or the stock executor."""
        return STOCK if self.stock else ENGINE

    async def schema(self, authorization: str, named: RequestId) -> View:
        """Give the schema of the persona whose name is the token."""
        context = await self.make_context(await self.authenticate(authorization), named)
        return self.executor.views.of(context.coverage)

    async def ask(
        self,
        persona: str,
        query: str,
        variables: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        on_error: str | None = None,
    ) -> dict[str, Any]:
        """Send a query as *persona* over HTTP and give the answer, request ids taken out of its errors."""
        served = Served(self.executor, self.authenticate, self.make_context)
        transport = httpx2.ASGITransport(app=GraphQLEndpoint(served))
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            response = await client.post(
                "/graphql",
                json={"query": query, "variables": variables, "onError": on_error},
                headers={"Authorization": f"Bearer {persona}", **(headers or {})},
            )
        answer: dict[str, Any] = response.json()
        for error in answer.get("errors", ()):
            del error["extensions"]["requestId"]
        return answer


def day(number: int) -> date:
    """Give a day of March 2026."""
    return date(2026, 3, number)
