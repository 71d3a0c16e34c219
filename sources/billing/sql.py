"""Billing in the embedded database."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tortoise import fields
from tortoise.models import Model

from sources.billing import (
    ACCOUNT_SOLUTIONS,
    DOCUMENT_LINES,
    DOCUMENT_SOLUTIONS,
    BillingAccountFilter,
    BillingAccountRecord,
    BillingDocumentFilter,
    BillingDocumentRecord,
    InvoiceLineFilter,
    InvoiceLineRecord,
)
from sources.heirs import Heirs
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
from sources.sql import Database, LinkRow, Row, index, link_indexes
from sources.table import Saved, Table, ties


class BillingAccount(Row, Model):
    """The table of ``BillingAccountRecord``."""

    number = fields.CharField(128)
    name = fields.TextField()
    status = fields.CharField(16)
    raw_status = fields.TextField(null=True)
    currency = fields.CharField(3, null=True)
    cycle_frequency = fields.TextField(null=True)
    payment_due_days = fields.IntField(null=True)
    presentation_medium = fields.TextField(null=True)
    po_number = fields.TextField(null=True)
    language = fields.TextField(null=True)
    solutions: fields.JSONField[list[str]] = fields.JSONField()

    class Meta(Model.Meta):
        app = "billing"
        table = "billing_account"
        unique_together = (("customer", "id"),)
        indexes = (index("number"), index("name"))


class BillingAccountSolution(LinkRow, Model):
    """The table of ``ACCOUNT_SOLUTIONS``."""

    account = fields.CharField(128)
    solution = fields.CharField(128)

    class Meta(Model.Meta):
        app = "billing"
        table = ACCOUNT_SOLUTIONS.table
        indexes = link_indexes(ACCOUNT_SOLUTIONS)


class BillingDocument(Row, Model):
    """The table of ``BillingDocumentRecord``."""

    number = fields.CharField(128)
    kind = fields.CharField(16)
    status = fields.CharField(16)
    raw_status = fields.TextField(null=True)
    issued_on = fields.DateField()
    due_on = fields.DateField(null=True)
    period_start = fields.DateField(null=True)
    period_end = fields.DateField(null=True)
    account = fields.CharField(128, null=True)
    currency = fields.CharField(3)
    tax_included_minor = fields.BigIntField()
    tax_excluded_minor = fields.BigIntField(null=True)
    tax_minor = fields.BigIntField(null=True)
    amount_due_minor = fields.BigIntField(null=True)
    corrects = fields.CharField(128, null=True)
    solutions: fields.JSONField[list[str]] = fields.JSONField()

    class Meta(Model.Meta):
        app = "billing"
        table = "billing_document"
        unique_together = (("customer", "id"),)
        indexes = (
            index("issued_on"),
            index("number"),
            index("tax_included_minor"),
            index("due_on"),
            index("account", "issued_on"),
            index("account", "number"),
            index("account", "tax_included_minor"),
            index("corrects", "issued_on"),
        )


class BillingDocumentSolution(LinkRow, Model):
    """The table of ``DOCUMENT_SOLUTIONS``."""

    document = fields.CharField(128)
    solution = fields.CharField(128)
    issued_on = fields.DateField()

    class Meta(Model.Meta):
        app = "billing"
        table = DOCUMENT_SOLUTIONS.table
        indexes = link_indexes(DOCUMENT_SOLUTIONS)


class InvoiceLine(Row, Model):
    """The table of ``InvoiceLineRecord``."""

    document = fields.CharField(128)
    document_status = fields.CharField(16)
    account = fields.CharField(128, null=True)
    position = fields.BigIntField()
    label = fields.TextField()
    kind = fields.CharField(16)
    raw_kind = fields.TextField(null=True)
    period_start = fields.DateField(null=True)
    period_end = fields.DateField(null=True)
    quantity = fields.DecimalField(30, 9, null=True)
    unit = fields.TextField(null=True)
    currency = fields.CharField(3)
    unit_rate_minor = fields.BigIntField(null=True)
    tax_excluded_minor = fields.BigIntField(null=True)
    tax_included_minor = fields.BigIntField(null=True)
    tax_rate = fields.DecimalField(12, 9, null=True)
    service_point = fields.CharField(128, null=True)
    solution = fields.CharField(128, null=True)

    class Meta(Model.Meta):
        app = "billing"
        table = "billing_line"
        unique_together = (("customer", "id"),)
        indexes = (index("document", "position"), index("service_point", "position"))


class SqlBilling:
    """``BillingSource`` in the embedded database, and the way in for what is billed."""

    def __init__(self, database: Database) -> None:
        """Speak for billing over *database*."""
        self._accounts = Table(
            database, "billing_account", BillingAccountRecord, [ties(ACCOUNT_SOLUTIONS, "solutions")]
        )
        self._documents = Table(
            database, "billing_document", BillingDocumentRecord, [ties(DOCUMENT_SOLUTIONS, "solutions")]
        )
        self._lines = Table(database, "billing_line", InvoiceLineRecord)
        self._heirs = Heirs(self._documents, self._lines, DOCUMENT_LINES)

    async def billing_accounts(
        self, scope: Scope, accounts: Collection[BillingAccountId]
    ) -> Mapping[BillingAccountId, BillingAccountRecord]:
        """Give the billing accounts with these ids."""
        return await self._accounts.by_id(scope, accounts)

    async def billing_accounts_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingAccountFilter]
    ) -> Mapping[CustomerCode, Page[BillingAccountRecord]]:
        """Give a page of each customer's billing accounts."""
        return await self._accounts.pages(scope, "customer", customers, listing)

    async def billing_accounts_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingAccountFilter]
    ) -> Mapping[SolutionId, Page[BillingAccountRecord]]:
        """Give a page of the billing accounts that each Solution is billed to."""
        return await self._accounts.pages(scope, ACCOUNT_SOLUTIONS, solutions, listing)

    async def documents(
        self, scope: Scope, documents: Collection[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, BillingDocumentRecord]:
        """Give the billing documents with these ids."""
        return await self._documents.by_id(scope, documents)

    async def documents_by_customer(
        self, scope: Scope, customers: Collection[CustomerCode], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[CustomerCode, Page[BillingDocumentRecord]]:
        """Give a page of each customer's billing documents."""
        return await self._documents.pages(scope, "customer", customers, listing)

    async def documents_by_account(
        self, scope: Scope, accounts: Collection[BillingAccountId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingAccountId, Page[BillingDocumentRecord]]:
        """Give a page of each account's billing documents."""
        return await self._documents.pages(scope, "account", accounts, listing)

    async def documents_by_solution(
        self, scope: Scope, solutions: Collection[SolutionId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[SolutionId, Page[BillingDocumentRecord]]:
        """Give a page of the billing documents that each Solution is billed on."""
        return await self._documents.pages(scope, DOCUMENT_SOLUTIONS, solutions, listing)

    async def credit_notes_by_invoice(
        self, scope: Scope, invoices: Collection[BillingDocumentId], listing: Listing[BillingDocumentFilter]
    ) -> Mapping[BillingDocumentId, Page[BillingDocumentRecord]]:
        """Give a page of the documents that correct each invoice."""
        return await self._documents.pages(scope, "corrects", invoices, listing)

    async def lines(
        self, scope: Scope, lines: Collection[InvoiceLineId]
    ) -> Mapping[InvoiceLineId, InvoiceLineRecord]:
        """Give the lines with these ids."""
        return await self._lines.by_id(scope, lines)

    async def lines_by_document(
        self, scope: Scope, documents: Collection[BillingDocumentId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[BillingDocumentId, Page[InvoiceLineRecord]]:
        """Give a page of each document's lines."""
        return await self._lines.pages(scope, "document", documents, listing)

    async def lines_by_service_point(
        self, scope: Scope, service_points: Collection[ServicePointId], listing: Listing[InvoiceLineFilter]
    ) -> Mapping[ServicePointId, Page[InvoiceLineRecord]]:
        """Give a page of the lines that bill each service point."""
        return await self._lines.pages(scope, "service_point", service_points, listing)

    async def known_documents(
        self, customer: CustomerCode, documents: Collection[BillingDocumentId]
    ) -> Sequence[BillingDocumentRecord]:
        """Give the documents with these ids, available or not: for imports, never for an asker."""
        return await self._documents.having(customer, "id", documents)

    async def known_lines(
        self, customer: CustomerCode, lines: Collection[InvoiceLineId]
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines with these ids, available or not: for imports, never for an asker."""
        return await self._lines.having(customer, "id", lines)

    async def known_lines_by_document(
        self, customer: CustomerCode, documents: Collection[BillingDocumentId]
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines of these documents, available or not: for imports, never for an asker."""
        return await self._lines.having(customer, "document", documents)

    async def known_lines_by_service_point(
        self, customer: CustomerCode, service_points: Collection[ServicePointId]
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines that bill these products, available or not: for imports, never for an asker."""
        return await self._lines.having(customer, "service_point", service_points)

    async def save_billing_accounts(self, records: Iterable[BillingAccountRecord]) -> Saved:
        """Write billing accounts over those with the same customer and id."""
        return await self._accounts.save(records)

    async def save_documents(self, records: Iterable[BillingDocumentRecord]) -> Saved:
        """Write billing documents over those with the same customer and id; their lines follow."""
        return await self._heirs.save_parents(records)

    async def save_lines(self, records: Iterable[InvoiceLineRecord]) -> Saved:
        """Write lines over those with the same customer and id; a line without its document is not shown."""
        return await self._heirs.save_rows(records)
