"""Invoices and credit notes, from what they bill and what asks about them."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingAccountRecord, BillingDocumentFilter, BillingDocumentRecord
from sources.keys import BillingDocumentId
from sources.listing import Listing
from sources.ordering import SolutionRecord


class OfDocument(Protocol):
    """A line of a billing document, or a ticket about one."""

    @property
    def document(self) -> BillingDocumentId | None:
        """The document's id."""
        ...


@reads("document")
async def of_parents(parents: Sequence[OfDocument], info: Info) -> Sequence[BillingDocumentRecord | None]:
    """Give the document of each line or ticket."""
    return await info.context.load.invoice.by_id.load_present(each.document for each in parents)


@reads("corrects")
async def corrected(
    credit_notes: Sequence[BillingDocumentRecord], info: Info
) -> Sequence[BillingDocumentRecord | None]:
    """Give the invoice that each credit note corrects."""
    return await info.context.load.invoice.by_id.load_present(each.corrects for each in credit_notes)


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[BillingDocumentFilter]
) -> Sequence[Connection[BillingDocumentRecord]]:
    """Give the invoices and credit notes of the asker's customer."""
    context = info.context
    return await connections(context.load.invoice.by_customer, [context.customer for _ in parents], listing)


@reads("id")
async def of_accounts(
    accounts: Sequence[BillingAccountRecord], info: Info, listing: Listing[BillingDocumentFilter]
) -> Sequence[Connection[BillingDocumentRecord]]:
    """Give each account's invoices and credit notes."""
    load = info.context.load.invoice.by_account
    return await connections(load, [each.id for each in accounts], listing)


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[BillingDocumentFilter]
) -> Sequence[Connection[BillingDocumentRecord]]:
    """Give the invoices and credit notes that bill each Solution."""
    load = info.context.load.invoice.by_solution
    return await connections(load, [each.id for each in solutions], listing)


@reads("id")
async def credit_notes(
    invoices: Sequence[BillingDocumentRecord], info: Info, listing: Listing[BillingDocumentFilter]
) -> Sequence[Connection[BillingDocumentRecord]]:
    """Give the credit notes that correct each invoice."""
    load = info.context.load.invoice.by_invoice
    return await connections(load, [each.id for each in invoices], listing)
