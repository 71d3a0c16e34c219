"""Billing: billing accounts, invoices, credit notes, and what is on them.

Protocol; the records are in ``records``.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from sources.billing.records import (
    ACCOUNT_SOLUTIONS,
    AVAILABLE,
    DOCUMENT_LINES,
    DOCUMENT_SOLUTIONS,
    BillingAccountFilter,
    BillingAccountOrder,
    BillingAccountRecord,
    BillingAccountStatus,
    BillingDocumentFilter,
    BillingDocumentKind,
    BillingDocumentOrder,
    BillingDocumentRecord,
    BillingDocumentStatus,
    InvoiceLineFilter,
    InvoiceLineKind,
    InvoiceLineOrder,
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

__all__ = [
    "ACCOUNT_SOLUTIONS",
    "AVAILABLE",
    "DOCUMENT_LINES",
    "DOCUMENT_SOLUTIONS",
    "BillingAccountFilter",
    "BillingAccountOrder",
    "BillingAccountRecord",
    "BillingAccountStatus",
    "BillingDocumentFilter",
    "BillingDocumentKind",
    "BillingDocumentOrder",
    "BillingDocumentRecord",
    "BillingDocumentStatus",
    "BillingSource",
    "InvoiceLineFilter",
    "InvoiceLineKind",
    "InvoiceLineOrder",
    "InvoiceLineRecord",
]


class BillingSource(Protocol):
    """What the loaders may ask of billing.

    Each method takes the Scope of the asker, then many keys, and gives a mapping; a key that billing does not
    know, or the Scope leaves out, is left out of look-ups and has an empty page in lists. Documents that the
    customer does not have yet, and their lines, are never given. A failing system raises ``SourceError``.
    """

    async def billing_accounts(
        self, scope: Scope, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, BillingAccountRecord]:
        """Give the billing accounts with these ids."""
        ...

    async def billing_accounts_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingAccountFilter]
    ) -> Mapping[CustomerCode, Page[BillingAccountRecord]]:
        """Give a page of each customer's billing accounts."""
        ...

    async def billing_accounts_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingAccountFilter]
    ) -> Mapping[SolutionId, Page[BillingAccountRecord]]:
        """Give a page of the billing accounts that each Solution is billed to."""
        ...

    async def documents(
        self, scope: Scope, documents: Collection[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, BillingDocumentRecord]:
        """Give the billing documents with these ids."""
        ...

    async def documents_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[CustomerCode, Page[BillingDocumentRecord]]:
        """Give a page of each customer's billing documents."""
        ...

    async def documents_by_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingAccountId, Page[BillingDocumentRecord]]:
        """Give a page of each account's billing documents."""
        ...

    async def documents_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[SolutionId, Page[BillingDocumentRecord]]:
        """Give a page of the billing documents that each Solution is billed on."""
        ...

    async def credit_notes_by_invoice(
        self, scope: Scope, invoices: Collection[BillingDocumentId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingDocumentId, Page[BillingDocumentRecord]]:
        """Give a page of the documents that correct each invoice."""
        ...

    async def lines(
        self, scope: Scope, lines: Collection[InvoiceLineId]
    ) -> Mapping[InvoiceLineId, InvoiceLineRecord]:
        """Give the lines with these ids."""
        ...

    async def lines_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[BillingDocumentId, Page[InvoiceLineRecord]]:
        """Give a page of each document's lines."""
        ...

    async def lines_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[ServicePointId, Page[InvoiceLineRecord]]:
        """Give a page of the lines that bill each service point."""
        ...
