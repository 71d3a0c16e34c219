"""The bills of demo customers add up."""

from collections import Counter
from datetime import date, timedelta

from servicespace.demo.plan import Plan
from sources.billing import AVAILABLE, BillingDocumentKind, BillingDocumentStatus, InvoiceLineKind
from tests.servicespace.made import MEDIUM, each_plan, made


@each_plan
def test_totals_of_a_document_are_the_sums_of_its_lines(plan: Plan) -> None:
    for bill in made(plan).bills:
        document, lines = bill.document, bill.lines
        assert document.tax_excluded_minor == sum(each.tax_excluded_minor or 0 for each in lines)
        assert document.tax_included_minor == sum(each.tax_included_minor or 0 for each in lines)
        assert document.tax_minor == document.tax_included_minor - (document.tax_excluded_minor or 0)
        assert {each.currency for each in lines} == {document.currency}


@each_plan
def test_lines_carry_what_they_have_from_their_document(plan: Plan) -> None:
    for bill in made(plan).bills:
        document = bill.document
        assert {(each.document, each.document_status, each.account) for each in bill.lines} == {
            (document.id, document.status, document.account)
        }
        assert [each.position for each in bill.lines] == list(range(1, len(bill.lines) + 1))


@each_plan
def test_an_amount_is_rate_times_quantity(plan: Plan) -> None:
    for line in made(plan).lines:
        if line.unit_rate_minor is not None and line.quantity is not None:
            assert line.tax_excluded_minor == round(line.unit_rate_minor * line.quantity)


@each_plan
def test_bills_service_points_to_the_account_that_pays_for_them(plan: Plan) -> None:
    found = made(plan)
    points = found.service_points

    for line in found.lines:
        if line.service_point is not None:
            point = points[line.service_point]
            assert (line.account, line.solution) == (point.billing_account, point.solution)


@each_plan
def test_bills_nothing_before_its_activation(plan: Plan) -> None:
    found = made(plan)
    points = found.service_points

    activated = [
        (points[line.service_point].activated_on, line.period_end)
        for line in found.lines
        if line.service_point is not None
    ]

    assert all(since is not None and end is not None and since <= end for since, end in activated)


@each_plan
def test_documents_and_accounts_name_the_solutions_billed(plan: Plan) -> None:
    found = made(plan)

    for bill in found.bills:
        assert bill.document.solutions == tuple(
            sorted({each.solution for each in bill.lines if each.solution})
        )
    for account in found.accounts:
        paid = {each.solution for each in found.estate.service_points if each.billing_account == account.id}
        assert account.solutions == tuple(sorted(paid))


@each_plan
def test_a_credit_note_is_negative_and_corrects_an_invoice_of_its_account(plan: Plan) -> None:
    found = made(plan)
    invoices = {
        each.document.id: each.document
        for each in found.bills
        if each.document.kind is BillingDocumentKind.INVOICE
    }

    notes = [each.document for each in found.bills if each.document.kind is BillingDocumentKind.CREDIT_NOTE]

    assert len(notes) == plan.profile.credit_notes_per_year * 2
    for note in notes:
        assert note.corrects is not None
        invoice = invoices[note.corrects]
        assert note.tax_included_minor < 0
        assert -note.tax_included_minor <= invoice.tax_included_minor
        assert (note.account, note.currency) == (invoice.account, invoice.currency)
        assert invoice.issued_on < note.issued_on <= plan.today


@each_plan
def test_some_credit_notes_correct_invoices_of_more_than_two_years_ago(plan: Plan) -> None:
    issued = {each.document.id: each.document.issued_on for each in made(plan).bills}

    corrected = [issued[each.document.corrects] for each in made(plan).bills if each.document.corrects]

    assert min(corrected) < plan.today - timedelta(days=2 * 366)


@each_plan
def test_what_is_due_follows_from_the_state(plan: Plan) -> None:
    for document in (each.document for each in made(plan).bills):
        match document.status:
            case BillingDocumentStatus.SETTLED:
                assert document.amount_due_minor == 0
            case BillingDocumentStatus.SENT:
                assert document.amount_due_minor == document.tax_included_minor
            case BillingDocumentStatus.PARTIALLY_PAID:
                assert document.amount_due_minor is not None
                assert 0 < document.amount_due_minor < document.tax_included_minor
            case _:
                assert document.amount_due_minor is None


@each_plan
def test_the_bill_of_today_is_not_the_customers_yet(plan: Plan) -> None:
    hidden = [each.document for each in made(plan).bills if each.document.status not in AVAILABLE]

    assert [each.issued_on for each in hidden] == [plan.today]


def test_bills_two_years_of_what_the_profile_says() -> None:
    found, profile = made(MEDIUM), MEDIUM.profile
    invoices = [each for each in found.bills if each.document.kind is BillingDocumentKind.INVOICE]
    expected = profile.invoices_per_month * 24

    assert expected * 0.98 <= len(invoices) <= expected * 1.03
    assert 0.97 <= len(found.lines) / (expected * profile.lines_per_invoice) <= 1.03


def test_issues_four_invoices_in_five_at_the_end_of_a_month() -> None:
    days = [each.document.issued_on for each in made(MEDIUM).bills if each.document.corrects is None]

    late = sum(_month_of(each) != _month_of(each + timedelta(days=3)) for each in days)

    assert 0.75 <= late / len(days) <= 0.85


def test_one_account_has_three_fifths_of_the_lines() -> None:
    lines = made(MEDIUM).lines

    (_, most), *_ = Counter(each.account for each in lines).most_common(1)

    assert 0.58 <= most / len(lines) <= 0.62


def test_bills_in_three_currencies_one_per_account() -> None:
    found = made(MEDIUM)

    by_account = {(each.document.account, each.document.currency) for each in found.bills}

    assert by_account == {(each.id, each.currency) for each in found.accounts}
    assert {currency for _, currency in by_account} == {"EUR", "USD", "JPY"}


def test_lines_are_of_every_kind() -> None:
    kinds = {each.kind for each in made(MEDIUM).lines}

    assert kinds == set(InvoiceLineKind) - {InvoiceLineKind.UNKNOWN}


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month
