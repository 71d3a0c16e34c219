"""Components: what resources are, which product they carry, through which other they are reached."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from servicespace.intake.products import Products
from servicespace.intake.report import STORED, Report
from servicespace.intake.stores import Stores, save
from servicespace.intake.things import Thing, built
from sources.inventory import ComponentRecord, Exclusion
from sources.inventory.exclusion import exclusion_of
from sources.inventory.wire import Resource, component_record
from sources.keys import ComponentId

_MARKS = frozenset({Exclusion.CORE_NETWORK, Exclusion.PUBLIC_GATEWAY})
"""What only the upstream can say of a component."""


class Components:
    """The components of this import, over those that are stored and have to do with them."""

    def __init__(self, stores: Stores) -> None:
        """Know nothing yet."""
        self._stores = stores
        self._asked: set[ComponentId] = set()
        self.files: dict[ComponentId, str] = {}
        self.stored: dict[ComponentId, ComponentRecord] = {}
        self.rows: dict[ComponentId, ComponentRecord] = {}
        self.marks: dict[ComponentId, Exclusion | None] = {}

    async def learn(self, components: Iterable[ComponentId]) -> None:
        """Look up those of *components* that were not looked up yet."""
        missing = set(components) - self._asked
        if missing:
            self._asked |= missing
            self._add((await self._stores.inventory.known(self._stores.code, missing)).values())

    async def learn_chains(self) -> None:
        """Look up all that is reached through a component, and through what it is reached."""
        await self._learn_below(set(self.rows))
        seen: set[ComponentId] = set()
        while above := {each.parent for each in self.rows.values() if each.parent} - seen:
            seen |= above
            await self.learn(above)

    def place(self, products: Products, resource: ComponentId, product: str) -> None:
        """Say that *product* runs on *resource*, where that is known."""
        row = self.rows.get(resource)
        if row is not None:
            service_point, solution = products.place(product)
            site = products.service_points[product].location if product in products.service_points else None
            self.rows[resource] = replace(
                row, service_point=service_point, solution=solution, location=row.location or site
            )

    def _add(self, found: Iterable[ComponentRecord]) -> None:
        for each in found:
            self.stored[each.id] = each
            self.rows.setdefault(each.id, each)

    async def _learn_below(self, above: set[ComponentId]) -> None:
        seen = set(above)
        while above:
            below = await self._stores.inventory.known_by_parent(self._stores.code, above)
            self._add(below)
            self._asked |= {each.id for each in below}
            above = {each.id for each in below} - seen
            seen |= above


async def take_components(
    stores: Stores, things: Sequence[Thing[Resource]], products: Products, report: Report, now: datetime
) -> Components:
    """Take in *things*, and say of stored components what products and other resources now say of them."""
    components = Components(stores)
    contained = {child: each.id for each in things for child in each.wire.contained}
    carriers = {ComponentId(resource): product for resource, product in products.carriers.items()}
    await components.learn([*(ComponentId(each.id) for each in things), *contained, *carriers])
    for thing, row in built(things, lambda wire: component_record(wire, stores.code, now), report):
        components.files[row.id] = thing.file
        components.marks[row.id] = thing.wire.marked
        components.rows[row.id] = _kept(row, components.stored.get(row.id))
    for child, parent in contained.items():
        inner = components.rows.get(child)
        if inner is not None and inner.parent is None:
            components.rows[child] = replace(inner, parent=ComponentId(parent))
    for resource, product in carriers.items():
        components.place(products, resource, product)
    await components.learn_chains()
    _exclude(components)
    _keep_times(components, {ComponentId(each.id) for each in things if each.wire.last_update is None})
    await save(
        report,
        "component",
        ((components.files.get(key, STORED), row) for key, row in components.rows.items()),
        stores.inventory.save_components,
    )
    return components


def _kept(row: ComponentRecord, stored: ComponentRecord | None) -> ComponentRecord:
    """Give *row* with what other files have said of it before."""
    if stored is None:
        return row
    return replace(
        row,
        service_point=stored.service_point,
        solution=stored.solution,
        parent=row.parent or stored.parent,
        location=row.location or stored.location,
    )


def _exclude(components: Components) -> None:
    rows = components.rows
    for key, row in list(rows.items()):
        mark = components.marks.get(key, row.exclusion if key not in components.files else None)
        excluded = mark if mark in _MARKS else exclusion_of(row, rows)
        if excluded is not row.exclusion:
            rows[key] = replace(row, exclusion=excluded)


def _keep_times(components: Components, undated: Iterable[ComponentId]) -> None:
    """Leave the time of those that say none and are the same as before."""
    for key in undated:
        row, stored = components.rows.get(key), components.stored.get(key)
        if row is not None and stored is not None:
            same = replace(row, updated_at=stored.updated_at)
            components.rows[key] = same if same == stored else row
