"""Solutions and service points as TM Forum's APIs send them: TMF637 and TMF620, versions 4 and 5."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sources.ordering import ProductStatus, ServicePointRecord, SolutionRecord
from sources.tmf.settings import Version
from tests.tmf.parts import dropped, party, reference


def products(
    solutions: Collection[SolutionRecord],
    service_points: Collection[ServicePointRecord],
    version: Version,
    owner: str,
) -> list[dict[str, Any]]:
    """Give one customer's Solutions and service points as TMF637 Products.

    Version 4 sends trees: a service point is inside its Solution, and on its own only where that is not sent.
    Version 5 sends each on its own, tied by relationships.
    """
    parts: dict[str, list[ServicePointRecord]] = {each.id: [] for each in solutions}
    alone = [each for each in service_points if version is Version.V5 or each.solution not in parts]
    for each in service_points:
        parts.get(each.solution, []).append(each)
    return [
        *(solution_product(each, parts[each.id], version, owner) for each in solutions),
        *(service_point_product(each, version, owner) for each in alone),
    ]


def solution_product(
    record: SolutionRecord, parts: Sequence[ServicePointRecord], version: Version, owner: str
) -> dict[str, Any]:
    """Give a Solution as a bundle of *parts*."""
    offering = {**dropped({"name": record.offer}), "id": offering_id(record), "@type": "ProductOfferingRef"}
    options: Any = ", ".join(record.options) if version is Version.V4 else list(record.options)
    inside = [service_point_product(each, version, owner) for each in parts]
    bundled = [{"relationshipType": "bundled", "id": each.id} for each in parts]
    return dropped(
        {
            "@type": "Product",
            "id": record.id,
            "name": record.name,
            "isBundle": True,
            "isCustomerVisible": True,
            "status": record.raw_status or status_word(record.status),
            "orderDate": _moment(record.ordered_on),
            "startDate": _moment(record.activated_on),
            "terminationDate": _moment(record.terminated_on),
            "relatedParty": [party(owner, "customer", version)],
            "productOffering": offering,
            "productCharacteristic": _characteristics({"options": options, "market": record.market.value}),
            "product": inside or None if version is Version.V4 else None,
            "productRelationship": bundled or None if version is Version.V5 else None,
        }
    )


def service_point_product(record: ServicePointRecord, version: Version, owner: str) -> dict[str, Any]:
    """Give a service point as a product that says what it is contained in."""
    whole = {"product": {"id": record.solution}} if version is Version.V4 else {"id": record.solution}
    bandwidth: Any = None
    if record.bandwidth is not None:
        text = f"{record.bandwidth} bit/s"
        bandwidth = text if version is Version.V4 else {"volume": record.bandwidth, "unit": "bit/s"}
    return dropped(
        {
            "@type": "Product",
            "id": record.id,
            "name": record.name,
            "isBundle": False,
            "status": record.raw_status or status_word(record.status),
            "startDate": _moment(record.activated_on),
            "terminationDate": _moment(record.terminated_on),
            "relatedParty": [party(owner, "customer", version)],
            "productOffering": dropped({"name": record.offer, "id": "PO-point"}),
            "billingAccount": reference(record.billing_account, "BillingAccount"),
            "place": _places(record.location, version),
            "productCharacteristic": _characteristics({"bandwidth": bandwidth}),
            "productRelationship": [{"relationshipType": "isContainedIn", **whole}],
        }
    )


def offering_id(record: SolutionRecord) -> str:
    """Give the id of the offering that a Solution is of."""
    return f"PO-{record.category.value}-{record.offer or ''}"


def offering(record: SolutionRecord) -> dict[str, Any]:
    """Give the TMF620 ProductOffering that a Solution is of; both versions have it alike."""
    category = {"id": "2646", "name": record.category.value, "@type": "CategoryRef"}
    return dropped({"id": offering_id(record), "name": record.offer, "category": [category]})


def status_word(status: ProductStatus) -> str | None:
    """Give TMF637's word for a status, None for none; one of them ends with a blank in both versions."""
    if status is ProductStatus.UNKNOWN:
        return None
    first, *others = status.value.lower().split("_")
    word = "".join([first, *(each.title() for each in others)])
    return f"{word} " if status is ProductStatus.ABORTED else word


def _moment(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T09:37:29.961Z"


def _places(location: str | None, version: Version) -> list[dict[str, Any]] | None:
    place = reference(location, "GeographicSite")
    if place is None:
        return None
    return [{"role": "installationAddress", **(place if version is Version.V4 else {"place": place})}]


def _characteristics(values: Mapping[str, object]) -> list[dict[str, Any]] | None:
    return [{"name": name, "value": each} for name, each in values.items() if each is not None] or None
