"""What a demo customer was billed: accounts, invoices month by month, and credit notes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from msgspec.structs import replace

from servicespace.demo.charges import ChargeList, Rates, rates_of
from servicespace.demo.ordering import Estate
from servicespace.demo.payers import Payer
from servicespace.demo.plan import Plan
from servicespace.demo.profiles import YEARS
from servicespace.demo.skew import shares
from sources.billing import (
    AVAILABLE,
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.keys import BillingAccountId, BillingDocumentId, InvoiceLineId, ServicePointId, SolutionId
from sources.ordering import ServicePointRecord

_MAIN_SHARE: Final = 0.6
"""The part of all lines that is on the main account's invoices."""
_ARCHIVED: Final = range(25, 31)
"""How many months ago the old invoices were issued that credit notes still correct."""
_ARCHIVED_LINES: Final = 20
_RAW: Final = {
    BillingDocumentStatus.NEW: "new",
    BillingDocumentStatus.SENT: "sent",
    BillingDocumentStatus.PARTIALLY_PAID: "partiallyPaid",
    BillingDocumentStatus.SETTLED: "settled",
}
_LANGUAGES: Final = {"FR": "fr", "JP": "ja", "DE": "de", "ES": "es", "BR": "pt", "IT": "it"}


@dataclass(frozen=True, slots=True)
class Bill:
    """A billing document with its lines."""

    document: BillingDocumentRecord
    lines: Sequence[InvoiceLineRecord]


def accounts(plan: Plan, estate: Estate) -> Sequence[BillingAccountRecord]:
    """Give the billing accounts, each with the Solutions of the service points that it pays for."""
    solutions: defaultdict[str | None, set[SolutionId]] = defaultdict(set)
    for each in estate.service_points:
        solutions[each.billing_account].add(each.solution)
    return [
        BillingAccountRecord(
            customer=plan.code,
            id=payer.account,
            number=f"{payer.place.country}{7_000_000 + number:08d}",
            name=f"{plan.customer.name} {payer.place.city} {number}",
            status=BillingAccountStatus.ACTIVE,
            raw_status="active",
            currency=payer.place.currency,
            cycle_frequency="monthly",
            payment_due_days=30 if number % 3 else 45,
            presentation_medium="portal" if number % 4 else "e-mail",
            po_number=f"PO-{plan.today.year}-{number:04d}" if number % 2 else None,
            language=_LANGUAGES.get(payer.place.country, "en"),
            solutions=tuple(sorted(solutions[payer.account])),
        )
        for number, payer in enumerate(estate.payers, start=1)
    ]


def bills(plan: Plan, estate: Estate) -> Iterator[Bill]:
    """Give the invoices of two years, oldest first, a few that are older, and then the credit notes.

    Four invoices in five are issued in the last three days of a month. One, issued today, is not sent yet.
    """
    random = plan.random("billing")
    biller = _Biller(plan, estate, random)
    correctable: list[Bill] = []
    for issued_on, payer, count, turn in _runs(plan, estate, random):
        bill = biller.invoice(issued_on, payer, count, turn)
        if bill is not None:
            correctable.append(Bill(bill.document, bill.lines[:3]))
            yield bill
    yield from _credit_notes(plan, random, correctable)


def _runs(plan: Plan, estate: Estate, random: Random) -> Iterator[tuple[date, Payer, int, int]]:
    """Give the day, the payer, the number of lines and the payer's turn in the month of each invoice."""
    for ago in sorted(_ARCHIVED, reverse=True):
        yield (
            _day_in(plan.today, ago, 28),
            estate.payers[0],
            min(plan.profile.lines_per_invoice, _ARCHIVED_LINES),
            0,
        )
    monthly = _monthly(plan, estate)
    earliest = _months_before(plan.today, 12 * YEARS).replace(day=min(28, plan.today.day))
    for ago in range(12 * YEARS, -1, -1):
        days = sorted((_issue_day(plan.today, ago, random), index) for index in range(len(monthly)))
        for issued_on, index in days:
            if earliest < issued_on < plan.today:
                yield (issued_on, *monthly[index])
    payer, count, turn = monthly[0]
    yield plan.today, payer, count, turn


def _monthly(plan: Plan, estate: Estate) -> list[tuple[Payer, int, int]]:
    """Give each invoice of a month: its payer, how many lines, and which of the payer's it is."""
    profile, main, others = plan.profile, estate.payers[0], estate.payers[1:]
    total = profile.invoices_per_month * profile.lines_per_invoice
    mains = max(1, profile.invoices_per_month - len(others))
    for_main = round(total * _MAIN_SHARE) if others else total
    runs = [(main, count, turn) for turn, count in enumerate(shares(for_main, [1.0] * mains))]
    counts = shares(total - for_main, [1.0] * len(others)) if others else []
    return [*runs, *((payer, count, 0) for payer, count in zip(others, counts, strict=True))]


def _months_before(day: date, months: int) -> date:
    """Give the first day of the month that is *months* before that of *day*."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _day_in(today: date, ago: int, number: int) -> date:
    return _months_before(today, ago).replace(day=number)


def _issue_day(today: date, ago: int, random: Random) -> date:
    """Give a day of the month that is *ago* months before today's, mostly one of its last three."""
    if random.random() < 0.8:  # noqa: PLR2004 - the month-end burst
        return _months_before(today, ago - 1) - timedelta(days=random.randint(1, 3))
    return _day_in(today, ago, random.randint(1, 25))


class _Biller:
    """Makes the invoices of one customer, numbered as they come."""

    def __init__(self, plan: Plan, estate: Estate, random: Random) -> None:
        self._plan = plan
        self._random = random
        self._charges = ChargeList(estate, random)
        self._rates: dict[BillingAccountId, Rates] = {
            each.account: rates_of(each.place) for each in estate.payers
        }
        self._number = 0
        self._paid: defaultdict[BillingAccountId, list[ServicePointRecord]] = defaultdict(list)
        for each in estate.service_points:
            if each.billing_account is not None:
                self._paid[each.billing_account].append(each)

    def invoice(self, issued_on: date, payer: Payer, count: int, turn: int) -> Bill | None:
        """Give an invoice for the month up to the day of issue, None where nothing was in service then."""
        end = issued_on - timedelta(days=1)
        start = _month_earlier(issued_on)
        billable = [each for each in self._paid[payer.account] if _billable(each, start, end)]
        if not billable:
            return None
        self._number += 1
        plan, rates = self._plan, self._rates[payer.account]
        status = _status(self._random, (plan.today - issued_on).days)
        document = BillingDocumentRecord(
            customer=plan.code,
            id=BillingDocumentId(plan.key("INV", self._number)),
            number=f"{payer.place.country}{issued_on:%y%m}-{self._number:06d}",
            kind=BillingDocumentKind.INVOICE,
            status=status,
            raw_status=_RAW[status],
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=30),
            period_start=start,
            period_end=end,
            account=payer.account,
            currency=rates.currency,
            tax_included_minor=0,
        )
        lines = self._charges.lines(document, billable, rates, count, turn)
        return Bill(_due(_summed(document, lines)), lines)


def _billable(service_point: ServicePointRecord, start: date, end: date) -> bool:
    """Tell whether a service point is billed; some that are gone still are, by mistake."""
    if service_point.activated_on is None or service_point.activated_on > end:
        return False
    ended = service_point.terminated_on
    return ended is None or ended >= start or service_point.id.endswith("13")


def _month_earlier(day: date) -> date:
    return _months_before(day, 1).replace(day=min(day.day, 28))


def _summed(document: BillingDocumentRecord, lines: Sequence[InvoiceLineRecord]) -> BillingDocumentRecord:
    """Give *document* with the totals and the Solutions of its lines."""
    without = sum(each.tax_excluded_minor or 0 for each in lines)
    included = sum(each.tax_included_minor or 0 for each in lines)
    return replace(
        document,
        tax_excluded_minor=without,
        tax_included_minor=included,
        tax_minor=included - without,
        solutions=tuple(sorted({each.solution for each in lines if each.solution is not None})),
    )


def _status(random: Random, age: int) -> BillingDocumentStatus:
    """Give the state that an invoice has reached, *age* in days: most are paid in the end, few in parts."""
    if not age:
        return BillingDocumentStatus.NEW
    chance = random.random()
    if chance < (0.2 if age < 30 else 0.8 if age < 60 else 0.97):  # noqa: PLR2004 - when people pay
        return BillingDocumentStatus.SETTLED
    return BillingDocumentStatus.PARTIALLY_PAID if chance > 0.98 else BillingDocumentStatus.SENT  # noqa: PLR2004


def _due(document: BillingDocumentRecord) -> BillingDocumentRecord:
    """Give *document* with what is still to be paid."""
    total = document.tax_included_minor
    due = {
        BillingDocumentStatus.SENT: total,
        BillingDocumentStatus.PARTIALLY_PAID: total // 3,
        BillingDocumentStatus.SETTLED: 0,
    }
    return replace(document, amount_due_minor=due.get(document.status))


def _credit_notes(plan: Plan, random: Random, correctable: Sequence[Bill]) -> Iterator[Bill]:
    """Give credit notes, one in twenty on an invoice older than two years, each on lines of its invoice."""
    old, rest = correctable[: len(_ARCHIVED)], correctable[len(_ARCHIVED) :]
    recent = [each for each in rest if each.document.issued_on < plan.today - timedelta(days=5)]
    for number in range(1, plan.profile.credit_notes_per_year * YEARS + 1):
        bill = old[number % len(old)] if number % 20 == 1 or not recent else random.choice(recent)
        yield _credit_note(plan, random, bill, number, archived=bill in old)


def _credit_note(plan: Plan, random: Random, bill: Bill, number: int, *, archived: bool) -> Bill:
    invoice = bill.document
    since = plan.today - timedelta(days=90) if archived else invoice.issued_on + timedelta(days=2)
    latest = min(plan.today, since + timedelta(days=60)) - timedelta(days=1)
    issued_on = since + timedelta(days=random.randint(0, max(0, (latest - since).days)))
    document = replace(
        invoice,
        id=BillingDocumentId(plan.key("CRN", number)),
        number=f"CN{issued_on:%y%m}-{number:06d}",
        kind=BillingDocumentKind.CREDIT_NOTE,
        status=BillingDocumentStatus.SETTLED,
        raw_status="settled",
        issued_on=issued_on,
        due_on=None,
        amount_due_minor=0,
        corrects=invoice.id,
    )
    lines = [
        replace(
            line,
            id=InvoiceLineId(f"{document.id}-{position:04d}"),
            document=document.id,
            document_status=document.status,
            position=position,
            label=f"Credit: {line.label}",
            kind=InvoiceLineKind.ADJUSTMENT,
            raw_kind="adjustment",
            quantity=None,
            unit=None,
            unit_rate_minor=None,
            tax_excluded_minor=-(line.tax_excluded_minor or 0),
            tax_included_minor=-(line.tax_included_minor or 0),
        )
        for position, line in enumerate(bill.lines[: random.randint(1, 3)], start=1)
    ]
    return Bill(_summed(document, lines), lines)


def disputed(bill: Bill) -> tuple[BillingDocumentId, ServicePointId] | None:
    """Give what somebody may ask a question about: a document that the customer has, and what it bills."""
    first = next((each.service_point for each in bill.lines if each.service_point), None)
    asked = bill.document.kind is BillingDocumentKind.INVOICE and bill.document.status in AVAILABLE
    return (bill.document.id, first) if asked and first else None
