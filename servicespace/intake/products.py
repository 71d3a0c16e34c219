"""Products: Solutions and service points, and what others ask them for."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from servicespace.intake.report import Report
from servicespace.intake.stores import Stores, save
from servicespace.intake.things import Kind, Thing, built
from sources.keys import BillingAccountId, ServicePointId, SolutionId
from sources.ordering.wire import (
    Product,
    arrange,
    parts,
    service_point_record,
    solution_record,
    wholes,
)
from sources.tmf import Ref, key, optional_key

if TYPE_CHECKING:
    from sources.ordering import ServicePointRecord


class Products:
    """What is known of products: those of this import, and of the stored ones those that are asked for."""

    def __init__(self, stores: Stores) -> None:
        """Know nothing yet."""
        self._stores = stores
        self._asked: set[str] = set()
        self.service_points: dict[str, ServicePointRecord] = {}
        self.solutions: set[str] = set()
        self.new: list[str] = []
        self.carriers: dict[str, str] = {}
        self.accounts: list[tuple[str, Ref]] = []
        self.billed: dict[str, set[SolutionId]] = {}

    async def learn(self, products: Iterable[str]) -> None:
        """Look up those of *products* that were not looked up yet."""
        missing = set(products) - self._asked
        if missing:
            self._asked |= missing
            found = await self._stores.ordering.service_points(
                self._stores.everything, [ServicePointId(each) for each in missing]
            )
            for each in found.values():
                self.service_points.setdefault(each.id, each)
            above = {each.solution for each in found.values()}
            self.solutions |= set(
                await self._stores.ordering.solutions(
                    self._stores.everything, [*(SolutionId(each) for each in missing), *above]
                )
            )

    def place(self, product: str) -> tuple[ServicePointId | None, SolutionId | None]:
        """Give the service point and the Solution that a product is; one that is not known keeps its id."""
        if product in self.service_points:
            return ServicePointId(product), self.service_points[product].solution
        if product in self.solutions:
            return None, SolutionId(product)
        return ServicePointId(product), None


async def take_products(stores: Stores, things: Sequence[Thing[Product]], report: Report) -> Products:
    """Take in *things*, with the products inside them that no file has on its own."""
    products = Products(stores)
    every = _with_parts(things)
    around = wholes(each.wire for each in every)
    await products.learn([*(each.id for each in every), *around.values()])
    known = {name: str(each.solution) for name, each in products.service_points.items()}
    arranged = arrange([each.wire for each in every], known, products.solutions)
    shown = await _shown(stores, every, report)
    tops = [each for each in shown if arranged[each.id] == each.id]
    below = [each for each in shown if arranged[each.id] != each.id]
    market = stores.customer.market
    solutions = list(built(tops, lambda wire: solution_record(wire, stores.code, market), report))
    service_points = list(
        built(below, lambda wire: service_point_record(wire, stores.code, arranged[key(wire.id)]), report)
    )
    await save(
        report, "Solution", ((each.file, row) for each, row in solutions), stores.ordering.save_solutions
    )
    await save(
        report,
        "service point",
        ((each.file, row) for each, row in service_points),
        stores.ordering.save_service_points,
    )
    products.service_points |= {row.id: row for _, row in service_points}
    products.solutions |= {row.id for _, row in solutions}
    for thing, solution in solutions:
        _note(products, thing, solution.id)
    for thing, service_point in service_points:
        _note(products, thing, service_point.solution)
    return products


def _with_parts(things: Sequence[Thing[Product]]) -> list[Thing[Product]]:
    found = {each.id: each for each in things}
    for thing in things:
        for part in parts(thing.wire):
            found.setdefault(key(part.id), thing.instead(part))
    return list(found.values())


async def _shown(stores: Stores, things: Sequence[Thing[Product]], report: Report) -> list[Thing[Product]]:
    """Leave out, and remove where they are known, products that the customer may not see."""
    hidden = [each for each in things if not each.wire.visible]
    for each in hidden:
        report.leave_out(each.file, Kind.PRODUCT.value, f"{each.id}: isCustomerVisible is false")
    if hidden:
        await stores.ordering.remove_products(stores.code, [each.id for each in hidden])
    return [each for each in things if each.wire.visible]


def _note(products: Products, thing: Thing[Any], solution: SolutionId) -> None:
    """Keep what a product says of resources and accounts."""
    products.new.append(thing.id)
    products.carriers |= dict.fromkeys(thing.wire.resources, thing.id)
    account = thing.wire.account
    if account is not None and (number := optional_key(account.id)):
        products.accounts.append((thing.file, account))
        products.billed.setdefault(BillingAccountId(number), set()).add(solution)
