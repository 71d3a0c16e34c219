"""How long it takes to make records of bills, rates and products: ``python -m bench.decoding_bills``.

A thousand of each, as one page, with the fields of TM Forum's samples; measured as ``bench.decoding`` is.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench.decoding import CUSTOMER, OWNERS, ROWS, milliseconds
from servicespace.memory import settle
from sources.billing.rates import READ
from sources.billing.tmf import BILLS
from sources.billing.wire import line_record
from sources.ordering import Market
from sources.ordering.product import ProductTree, estate
from sources.ordering.tmf import PRODUCTS
from sources.tmf.settings import Version

SOLUTIONS = 10


def main() -> None:
    """Print what it takes from bytes to records, in milliseconds."""
    settle()
    for version in Version:
        steps: dict[str, tuple[Callable[[int, Version], dict[str, Any]], Callable[[bytes], object]]] = {
            "bills": (_bill, _bills),
            "rates": (_rate, _lines),
            "products": (_product, _trees),
        }
        for name, (row, read) in steps.items():
            content = json.dumps([row(number, version) for number in range(ROWS)]).encode()
            _print(f"{version.value}: {ROWS} {name} of {len(content) // ROWS} bytes", partial(read, content))
        content = json.dumps([_product(number, version) for number in range(ROWS)]).encode()
        _print(f"{version.value}: {ROWS} kept products arranged", partial(_arranged, _trees(content)))


def _print(name: str, step: Callable[[], object]) -> None:
    best, middle = milliseconds(step)
    print(f"{name:40} best {best:6.2f} ms, middle {middle:6.2f} ms")  # noqa: T201 - the result


def _bills(content: bytes) -> Sequence[object]:
    owned = [each for each in BILLS.read(content).rows if BILLS.owned(each, OWNERS)]
    return [BILLS.make(each, CUSTOMER) for each in owned]


def _lines(content: bytes) -> Sequence[object]:
    return [line_record(each, CUSTOMER) for each in READ(content).rows]


def _trees(content: bytes) -> Sequence[ProductTree]:
    owned = [each for each in PRODUCTS.read(content).rows if PRODUCTS.owned(each, OWNERS)]
    return [PRODUCTS.make(each, CUSTOMER) for each in owned]


def _arranged(trees: Sequence[ProductTree]) -> object:
    return estate(trees, Market.INTL)


def _bill(number: int, version: Version) -> dict[str, Any]:
    return {
        "id": f"CB-{number:08d}",
        "href": f"https://serverRoot/tmf-api/customerBillManagement/{version.value}/customerBill/{number}",
        "billNo": f"7801{number:08d}",
        "billDate": f"2026-{number % 12 + 1:02d}-05T12:00:56.982Z",
        "billingPeriod": _period(number),
        "billingAccount": _reference(f"A{number % 12}", "BillingAccount"),
        "category": "normal" if number % 20 else "credit note",
        "paymentDueDate": f"2026-{number % 12 + 1:02d}-25T00:00:00.000Z",
        "relatedParty": [_party(version)],
        "runType": "onCycle",
        "state": "sent",
        "amountDue": _amount(number),
        "remainingAmount": _amount(number),
        "taxExcludedAmount": _amount(number),
        "taxIncludedAmount": _amount(number),
        "taxItem": [{"taxCategory": "VAT", "taxRate": 0.2, "taxAmount": _amount(number), "@type": "TaxItem"}],
        "@type": "CustomerBill",
    }


def _rate(number: int, version: Version) -> dict[str, Any]:
    return {
        "id": f"ABR-{number:08d}",
        "href": f"https://serverRoot/tmf-api/customerBillManagement/{version.value}/rate/{number}",
        "type" if version is Version.V4 else "appliedBillingRateType": "recurring",
        "date": "2026-01-19T13:38:18.938Z",
        "isBilled": True,
        "name": f"Rental fee {number}",
        "appliedTax": [{"taxCategory": "VAT", "taxRate": 20, "taxAmount": _amount(number)}],
        "bill": _reference(f"CB-{number % 10}", "CustomerBill"),
        "billingAccount": _reference("A1", "BillingAccount"),
        "periodCoverage": _period(number),
        "product": _reference(f"P-{number % 300}", "Product"),
        "taxExcludedAmount": _amount(number),
        "taxIncludedAmount": _amount(number),
        "@type": "AppliedCustomerBillingRate",
    }


def _product(number: int, version: Version) -> dict[str, Any]:
    whole = {"id": f"S-{number % SOLUTIONS}"}
    place = _reference(f"L-{number % 150}", "GeographicSite")
    return {
        "id": f"S-{number}" if number < SOLUTIONS else f"P-{number}",
        "href": f"https://serverRoot/tmf-api/productInventory/{version.value}/product/{number}",
        "name": f"Access {number}",
        "isBundle": number < SOLUTIONS,
        "status": "active",
        "orderDate": "2025-11-01T09:37:29.961Z",
        "startDate": "2026-01-01T09:37:29.961Z",
        "productOffering": {**_reference("PO-1", "ProductOffering"), "name": "Business VPN access"},
        "billingAccount": _reference(f"A{number % 12}", "BillingAccount"),
        "place": [place if version is Version.V4 else {"role": "installation", "place": place}],
        "productCharacteristic": [{"name": "bandwidth", "valueType": "string", "value": "100 Mbps"}],
        "productRelationship": [
            {"relationshipType": "isContainedIn", **({"product": whole} if version is Version.V4 else whole)}
        ]
        * (number >= SOLUTIONS),
        "relatedParty": [_party(version)],
        "@type": "Product",
    }


def _reference(own: str, referred: str) -> dict[str, Any]:
    kinds = {"@type": f"{referred}Ref", "@referredType": referred}
    return {"id": own, "href": f"https://serverRoot/tmf-api/{referred}/{own}", **kinds}


def _party(version: Version) -> dict[str, Any]:
    party = _reference("9176", "Organization")
    return {"role": "customer", **(party if version is Version.V4 else {"partyOrPartyRole": party})}


def _period(number: int) -> dict[str, str]:
    month = number % 11 + 1
    return {
        "startDateTime": f"2026-{month:02d}-01T00:00:00.000Z",
        "endDateTime": f"2026-{month + 1:02d}-01T00:00:00.000Z",
    }


def _amount(number: int) -> dict[str, Any]:
    return {"unit": "EUR", "value": number + 0.25}


if __name__ == "__main__":
    main()
