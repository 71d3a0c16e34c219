"""Billing in memory."""

from collections.abc import Collection, Iterable, Mapping

from sources.billing import (
    DOCUMENT_LINES,
    BillingAccountFilter,
    BillingAccountRecord,
    BillingDocumentFilter,
    BillingDocumentRecord,
    InvoiceLineFilter,
    InvoiceLineRecord,
)
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    CustomerCode,
    InvoiceLineId,
    ServicePointId,
    SolutionId,
)
from sources.listing import Listing, Page
from sources.scope import Scope
from sources.table import Saved
from tests.fakes.heirs import save_parents, save_rows
from tests.fakes.shelf import Diary, Shelf


class FakeBilling:
    """``BillingSource`` that writes down what it was asked."""

    def __init__(self) -> None:
        """Start empty."""
        self.diary = Diary("billing")
        self.account_shelf = Shelf[BillingAccountRecord](self.diary)
        self.document_shelf = Shelf[BillingDocumentRecord](self.diary)
        self.line_shelf = Shelf[InvoiceLineRecord](self.diary)

    async def billing_accounts(
        self, scope: Scope, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, BillingAccountRecord]:
        return self.account_shelf.by_id("billing_accounts", scope, accounts)

    async def billing_accounts_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingAccountFilter]
    ) -> Mapping[CustomerCode, Page[BillingAccountRecord]]:
        return self.account_shelf.pages("billing_accounts_by_customer", scope, "customer", customers, listing)

    async def billing_accounts_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingAccountFilter]
    ) -> Mapping[SolutionId, Page[BillingAccountRecord]]:
        return self.account_shelf.pages(
            "billing_accounts_by_solution", scope, "solutions", solutions, listing
        )

    async def documents(
        self, scope: Scope, documents: Collection[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, BillingDocumentRecord]:
        return self.document_shelf.by_id("documents", scope, documents)

    async def documents_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[CustomerCode, Page[BillingDocumentRecord]]:
        return self.document_shelf.pages("documents_by_customer", scope, "customer", customers, listing)

    async def documents_by_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingAccountId, Page[BillingDocumentRecord]]:
        return self.document_shelf.pages("documents_by_account", scope, "account", accounts, listing)

    async def documents_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[SolutionId, Page[BillingDocumentRecord]]:
        return self.document_shelf.pages("documents_by_solution", scope, "solutions", solutions, listing)

    async def credit_notes_by_invoice(
        self, scope: Scope, invoices: Collection[BillingDocumentId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingDocumentId, Page[BillingDocumentRecord]]:
        return self.document_shelf.pages("credit_notes_by_invoice", scope, "corrects", invoices, listing)

    async def lines(
        self, scope: Scope, lines: Collection[InvoiceLineId]
    ) -> Mapping[InvoiceLineId, InvoiceLineRecord]:
        return self.line_shelf.by_id("lines", scope, lines)

    async def lines_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[BillingDocumentId, Page[InvoiceLineRecord]]:
        return self.line_shelf.pages("lines_by_document", scope, "document", documents, listing)

    async def lines_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[ServicePointId, Page[InvoiceLineRecord]]:
        return self.line_shelf.pages(
            "lines_by_service_point", scope, "service_point", service_points, listing
        )

    async def save_billing_accounts(self, records: Iterable[BillingAccountRecord]) -> Saved:
        return self.account_shelf.save(records)

    async def save_documents(self, records: Iterable[BillingDocumentRecord]) -> Saved:
        return save_parents(self.document_shelf, self.line_shelf, DOCUMENT_LINES, records)

    async def save_lines(self, records: Iterable[InvoiceLineRecord]) -> Saved:
        return save_rows(self.document_shelf, self.line_shelf, DOCUMENT_LINES, records)
