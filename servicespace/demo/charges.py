"""What stands on a demo customer's invoices, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from servicespace.demo.catalog import CATALOG, Product
from servicespace.demo.names import Place
from servicespace.demo.ordering import Estate
from sources.billing import BillingDocumentRecord, InvoiceLineKind, InvoiceLineRecord
from sources.keys import InvoiceLineId, ServicePointId
from sources.ordering import ServicePointRecord

_EXCHANGE: Final[Mapping[str, Decimal]] = MappingProxyType(
    {"EUR": Decimal(1), "USD": Decimal("1.1"), "JPY": Decimal("1.6")}
)
"""Minor units of a currency for a cent of the euro."""
_TAX: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "FR": Decimal("0.20"),
        "GB": Decimal("0.20"),
        "DE": Decimal("0.19"),
        "NL": Decimal("0.21"),
        "ES": Decimal("0.21"),
        "IT": Decimal("0.22"),
        "PL": Decimal("0.23"),
        "JP": Decimal("0.10"),
        "AE": Decimal("0.05"),
    }
)
"""Value added tax by country, where there is one on what crosses no border."""
_SURCHARGE: Final = Decimal("0.0825")
"""What the United States take as a tax of its own, on a line of its own."""
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rates:
    """In what currency and with what taxes an account pays; ``surcharged`` where a tax has its own line."""

    currency: str
    tax: Decimal
    surcharged: bool

    def minor(self, cents: int) -> int:
        """Give *cents* of the euro in minor units of the currency."""
        return round(cents * _EXCHANGE[self.currency])


def rates_of(place: Place) -> Rates:
    """Give the rates of an account at *place*."""
    return Rates(place.currency, _TAX.get(place.country, Decimal(0)), place.country == "US")


class ChargeList:
    """The prices of each service point, drawn once."""

    def __init__(self, estate: Estate, random: Random) -> None:
        """Draw the prices of *estate*."""
        self._random = random
        categories = {each.id: each.category for each in estate.solutions}
        self._products: dict[ServicePointId, Product] = {
            each.id: CATALOG[categories[each.solution]] for each in estate.service_points
        }
        self._cents: dict[ServicePointId, int] = {
            key: 100 * random.randint(*product.euros) - 1 for key, product in self._products.items()
        }

    def lines(
        self,
        document: BillingDocumentRecord,
        billable: Sequence[ServicePointRecord],
        rates: Rates,
        count: int,
        turn: int,
    ) -> Sequence[InvoiceLineRecord]:
        """Give *count* lines: each service point's charges in turn, from where the last invoice ended.

        Every third invoice ends with a discount; one with a tax of its own ends with that.
        """
        found = list(self._charged(document, billable, rates, range(turn * count, (turn + 1) * count)))
        if len(found) > 1 and turn % 3 == 0:
            found[-1] = _discount(found[-1], sum(each.tax_excluded_minor or 0 for each in found[:-1]), rates)
        if len(found) > 1 and rates.surcharged:
            found[-1] = _surcharge(found[-1], sum(each.tax_excluded_minor or 0 for each in found[:-1]))
        return found

    def _charged(
        self,
        document: BillingDocumentRecord,
        billable: Sequence[ServicePointRecord],
        rates: Rates,
        places: range,
    ) -> Iterator[InvoiceLineRecord]:
        for position, place in enumerate(places, start=1):
            turn, index = divmod(place, len(billable))
            service_point = billable[index]
            kind, label, quantity, unit, rate = self._charge(service_point, rates, turn)
            amount = round(quantity * rate)
            yield InvoiceLineRecord(
                customer=document.customer,
                id=InvoiceLineId(f"{document.id}-{position:04d}"),
                document=document.id,
                document_status=document.status,
                account=document.account,
                position=position,
                label=label,
                kind=kind,
                raw_kind=_RAW[kind],
                period_start=document.period_start,
                period_end=document.period_end,
                quantity=quantity,
                unit=unit,
                currency=rates.currency,
                unit_rate_minor=rate,
                tax_excluded_minor=amount,
                tax_included_minor=amount + round(amount * rates.tax),
                tax_rate=rates.tax,
                service_point=service_point.id,
                solution=service_point.solution,
            )

    def _charge(
        self, service_point: ServicePointRecord, rates: Rates, turn: int
    ) -> tuple[InvoiceLineKind, str, Decimal, str, int]:
        """Give the kind, label, quantity, unit and rate of a service point's next charge.

        The monthly ones come first.
        """
        product, cents = self._products[service_point.id], self._cents[service_point.id]
        where = service_point.name
        if turn < len(product.charges):
            rate = rates.minor(cents // (turn * 3 + 1))
            return InvoiceLineKind.RECURRING, f"{product.charges[turn]}, {where}", _ONE, "month", rate
        label, unit, hundredths = product.usage
        if self._random.random() < 0.02:  # noqa: PLR2004 - now and then something is installed or moved
            return InvoiceLineKind.NON_RECURRING, f"Work on site, {where}", _ONE, "visit", rates.minor(18_000)
        # A rate below a minor unit cannot be shown: it is counted by the hundred.
        quantity = Decimal(self._random.randint(1, 4_000)).scaleb(-2)
        return (
            InvoiceLineKind.USAGE,
            f"{label}, {where}",
            quantity,
            f"100 {unit}",
            max(1, rates.minor(hundredths)),
        )


_RAW: Final[Mapping[InvoiceLineKind, str]] = MappingProxyType(
    {
        InvoiceLineKind.RECURRING: "recurring",
        InvoiceLineKind.NON_RECURRING: "oneTime",
        InvoiceLineKind.USAGE: "usage",
        InvoiceLineKind.DISCOUNT: "discount",
        InvoiceLineKind.TAX: "tax",
    }
)


def _discount(line: InvoiceLineRecord, total: int, rates: Rates) -> InvoiceLineRecord:
    """Give in place of *line* three per cent off *total*, for all service points together."""
    amount = -(total * 3 // 100)
    return _summary(
        line, InvoiceLineKind.DISCOUNT, "Volume discount 3 %", amount, amount + round(amount * rates.tax)
    )


def _surcharge(line: InvoiceLineRecord, total: int) -> InvoiceLineRecord:
    """Give in place of *line* a tax on *total* that stands on a line of its own."""
    return _summary(line, InvoiceLineKind.TAX, "State telecommunications tax", 0, round(total * _SURCHARGE))


def _summary(
    line: InvoiceLineRecord, kind: InvoiceLineKind, label: str, excluded: int, included: int
) -> InvoiceLineRecord:
    return replace(
        line,
        kind=kind,
        raw_kind=_RAW[kind],
        label=label,
        quantity=None,
        unit=None,
        unit_rate_minor=None,
        tax_excluded_minor=excluded,
        tax_included_minor=included,
        service_point=None,
    )
