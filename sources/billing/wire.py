"""Billing as TM Forum tells it, versions 4 and 5: TMF678 bills and their rates, TMF666 BillingAccount."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sources.billing import (
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentKind,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineKind,
    InvoiceLineRecord,
)
from sources.billing.characteristics import of_account, of_rate
from sources.keys import BillingAccountId, BillingDocumentId, CustomerCode, InvoiceLineId, ServicePointId
from sources.money import Money, minor_units
from sources.tmf import (
    Amount,
    Characteristic,
    Owned,
    Period,
    Ref,
    Related,
    TmfError,
    Wire,
    Wording,
    day,
    days,
    fold,
    fraction,
    identified,
    key,
    label,
    many,
    matched,
    meant,
    money,
    optional_key,
)

LINE_KINDS: Final[Wording[InvoiceLineKind]] = (
    ("non recurring|one time|one off|one time charge|installation|set ?up", InvoiceLineKind.NON_RECURRING),
    ("recurring|recurring charge|monthly|quarterly|yearly|annual|rental", InvoiceLineKind.RECURRING),
    ("usage|usage charge|consumption", InvoiceLineKind.USAGE),
    ("discount|rebate", InvoiceLineKind.DISCOUNT),
    ("adjustment|credit|alteration|penalty", InvoiceLineKind.ADJUSTMENT),
    ("tax|vat", InvoiceLineKind.TAX),
)
"""What TMF678's types of rates mean, which are free text."""

_NO_RATE_TYPE: Final = frozenset({"appliedcustomerbillingrate"})
"""What version 5's example has in ``type``: the kind of the thing, not of the rate."""

_DAYS: Final = 10_000
"""Nobody has longer to pay."""

_BILLS: Final = frozenset({"customerbill", "customerbillref"})


class TaxItem(Wire, frozen=True, kw_only=True):
    """A tax on a bill, or on a rate."""

    tax_rate: Decimal | None = None
    tax_amount: Amount | None = None


class CustomerBill(Owned, frozen=True, kw_only=True):
    """TMF678 CustomerBill; the official sample says ``status`` for the ``state``.

    No version has a place for the bill that a credit note corrects: it is a ``relatedEntity``, as other APIs
    have them.
    """

    bill_no: str | int | None = None
    bill_date: str | None = None
    payment_due_date: str | None = None
    billing_account: Ref | None = None
    billing_period: Period | None = None
    category: str | None = None
    state: str | None = None
    status: str | None = None
    amount_due: Amount | None = None
    remaining_amount: Amount | None = None
    tax_excluded_amount: Amount | None = None
    tax_included_amount: Amount | None = None
    tax_item: TaxItem | list[TaxItem | None] | None = None
    related_entity: Related | list[Related | None] | None = None


class AppliedRate(Ref, frozen=True, kw_only=True):
    """TMF678 AppliedCustomerBillingRate; version 5's example says ``customerBill`` for the ``bill``."""

    applied_billing_rate_type: str | None = None
    type: str | None = None
    description: str | None = None
    date: str | None = None
    applied_tax: TaxItem | list[TaxItem | None] | None = None
    bill: Ref | None = None
    customer_bill: Ref | None = None
    billing_account: Ref | None = None
    period_coverage: Period | None = None
    product: Ref | list[Ref | None] | None = None
    characteristic: Characteristic | list[Characteristic | None] | None = None
    tax_excluded_amount: Amount | None = None
    tax_included_amount: Amount | None = None

    @property
    def document(self) -> str | None:
        """The id of the bill that the rate is on; None before it is billed."""
        for each in (self.bill, self.customer_bill):
            if each is not None and (own := optional_key(each.id)):
                return own
        return None


class CycleSpecification(Wire, frozen=True, kw_only=True):
    """When an account is billed."""

    frequency: str | None = None
    payment_due_date_offset: int | None = None


class BillStructure(Wire, frozen=True, kw_only=True):
    """How an account is billed."""

    cycle_specification: CycleSpecification | None = None
    presentation_media: Ref | list[Ref | None] | None = None


class Balance(Wire, frozen=True, kw_only=True):
    """What stands on an account, in its currency."""

    amount: Amount | None = None


class BillingAccount(Owned, frozen=True, kw_only=True):
    """TMF666 BillingAccount."""

    state: str | None = None
    bill_structure: BillStructure | None = None
    credit_limit: Amount | None = None
    account_balance: Balance | list[Balance | None] | None = None
    characteristic: Characteristic | list[Characteristic | None] | None = None


def read_bill(thing: Mapping[str, Any]) -> CustomerBill:
    """Give *thing* as a bill; raises ``TmfError``."""
    return identified(thing, CustomerBill)


def read_rate(thing: Mapping[str, Any]) -> AppliedRate:
    """Give *thing* as an applied rate; raises ``TmfError``."""
    return identified(thing, AppliedRate)


def read_account(thing: Mapping[str, Any]) -> BillingAccount:
    """Give *thing* as a billing account; raises ``TmfError``."""
    return identified(thing, BillingAccount)


def document_record(bill: CustomerBill, customer: CustomerCode) -> BillingDocumentRecord:
    """Give *bill* without what others say of it: its Solutions.

    A credit note's amounts are made negative, whatever their sign: version 4's are positive. Raises
    ``TmfError`` where there is no day, or no total, or amounts are in several currencies.
    """
    kind = _document_kind(bill.category)
    included, excluded = money(bill.tax_included_amount), money(bill.tax_excluded_amount)
    tax, due = _tax(bill), money(bill.remaining_amount) or money(bill.amount_due)
    currency = _currency(included, excluded, tax, due)
    issued_on = day(bill.bill_date)
    if issued_on is None:
        raise TmfError("has no billDate")
    if included is None and excluded is not None and tax is not None:
        included = Money(excluded.minor + tax.minor, currency)
    if included is None:
        raise TmfError("has no taxIncludedAmount")
    if tax is None and excluded is not None:
        tax = Money(included.minor - excluded.minor, currency)
    state = bill.state or bill.status
    start, end = days(bill.billing_period)
    return BillingDocumentRecord(  # the first by position: of more than fifteen names Python makes a dict
        customer,
        BillingDocumentId(key(bill.id)),
        optional_key(bill.bill_no) or key(bill.id),  # number
        kind,
        _status(state),
        issued_on,
        currency,
        raw_status=state,
        due_on=day(bill.payment_due_date),
        period_start=start,
        period_end=end,
        account=_account(bill.billing_account),
        tax_included_minor=_signed(included, kind) or 0,
        tax_excluded_minor=_signed(excluded, kind),
        tax_minor=_signed(tax, kind),
        amount_due_minor=_signed(due, kind),
        corrects=_corrected(bill),
    )


def line_record(rate: AppliedRate, customer: CustomerCode) -> InvoiceLineRecord:
    """Give *rate* as a line, without what others say of it: its Solution, its position where it says none.

    ``service_point`` is the product that it bills, a Solution or not. Raises ``TmfError`` where it is on no
    bill, or has no amount.
    """
    included, excluded = money(rate.tax_included_amount), money(rate.tax_excluded_amount)
    own, document = key(rate.id), rate.document
    if document is None:
        raise TmfError("is on no bill")
    said = rate.applied_billing_rate_type or rate.type
    start, end = days(rate.period_coverage)
    taxes = [each.tax_rate for each in many(rate.applied_tax) if each.tax_rate is not None]
    currency, product, more = _currency(included, excluded), _product(rate), of_rate(rate.characteristic)
    return InvoiceLineRecord(  # the first by position: of more than fifteen names Python makes a dict
        customer,
        InvoiceLineId(own),
        BillingDocumentId(document),
        more.position,
        label(rate.name, rate.description, own),
        _line_kind(said),
        currency,
        raw_kind=said,
        period_start=start,
        period_end=end,
        quantity=more.quantity,
        unit=more.unit,
        unit_rate_minor=None if more.unit_rate is None else minor_units(more.unit_rate, currency),
        tax_excluded_minor=None if excluded is None else excluded.minor,
        tax_included_minor=None if included is None else included.minor,
        tax_rate=fraction(taxes[0]) if len(taxes) == 1 else None,
        service_point=ServicePointId(product) if product else None,
    )


def account_record(account: BillingAccount, customer: CustomerCode) -> BillingAccountRecord:
    """Give *account* without what others say of it: its Solutions; TMF666 has no number but the id."""
    own, structure = key(account.id), account.bill_structure
    more = of_account(account.characteristic)
    cycle = structure.cycle_specification if structure else None
    media = many(structure.presentation_media) if structure else []
    amounts = [money(account.credit_limit), *(money(each.amount) for each in many(account.account_balance))]
    return BillingAccountRecord(
        customer=customer,
        id=BillingAccountId(own),
        number=optional_key(more.number) or own,
        name=label(account.name, own),
        status=matched(account.state, BillingAccountStatus, {}, BillingAccountStatus.UNKNOWN),
        raw_status=account.state,
        currency=next((each.currency for each in amounts if each is not None), None),
        cycle_frequency=cycle.frequency if cycle else None,
        payment_due_days=_due_days(cycle),
        presentation_medium=next((each.name for each in media if each.name), None),
        po_number=more.po_number,
        language=more.language,
    )


def named_account(account: Ref, customer: CustomerCode) -> BillingAccountRecord:
    """Give the account that a bill, a rate or a product only names."""
    return account_record(BillingAccount(id=account.id, name=account.name), customer)


@lru_cache(maxsize=500)
def _status(state: str | None) -> BillingDocumentStatus:
    return matched(state, BillingDocumentStatus, {}, BillingDocumentStatus.UNKNOWN)


@lru_cache(maxsize=500)
def _line_kind(said: str | None) -> InvoiceLineKind:
    text = None if fold(said or "") in _NO_RATE_TYPE else said
    return meant([text], LINE_KINDS, InvoiceLineKind.UNKNOWN)


def _document_kind(category: str | None) -> BillingDocumentKind:
    return (
        BillingDocumentKind.CREDIT_NOTE
        if "creditnote" in fold(category or "")
        else BillingDocumentKind.INVOICE
    )


def _account(account: Ref | None) -> BillingAccountId | None:
    own = optional_key(account.id) if account else None
    return BillingAccountId(own) if own else None


def _product(rate: AppliedRate) -> str | None:
    for each in many(rate.product):
        if own := optional_key(each.id):
            return own
    return None


def _corrected(bill: CustomerBill) -> BillingDocumentId | None:
    for each in many(bill.related_entity):
        target = each.target
        if fold(target.at_referred_type or target.at_type or "") in _BILLS and (
            other := optional_key(target.id)
        ):
            return BillingDocumentId(other)
    return None


def _tax(bill: CustomerBill) -> Money | None:
    taxes = [money(each.tax_amount) for each in many(bill.tax_item)]
    said = [each for each in taxes if each is not None]
    return Money(sum(each.minor for each in said), _currency(*said)) if said else None


def _currency(*amounts: Money | None) -> str:
    currencies = {each.currency for each in amounts if each is not None}
    if not currencies:
        raise TmfError("has no amount in a currency")
    if len(currencies) > 1:
        raise TmfError(f"has amounts in several currencies: {', '.join(sorted(currencies))}")
    return currencies.pop()


def _signed(amount: Money | None, kind: BillingDocumentKind) -> int | None:
    if amount is None:
        return None
    return -abs(amount.minor) if kind is BillingDocumentKind.CREDIT_NOTE else amount.minor


def _due_days(cycle: CycleSpecification | None) -> int | None:
    offset = cycle.payment_due_date_offset if cycle else None
    if offset is not None and abs(offset) > _DAYS:
        raise TmfError(f"a payment due date offset of {str(offset)[:20]} days")
    return offset
