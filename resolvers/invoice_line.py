"""Lines of invoices and credit notes."""

from collections.abc import Sequence

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingDocumentRecord, InvoiceLineFilter, InvoiceLineRecord
from sources.listing import Listing
from sources.ordering import ServicePointRecord


@reads("id")
async def of_documents(
    documents: Sequence[BillingDocumentRecord], info: Info, listing: Listing[InvoiceLineFilter]
) -> Sequence[Connection[InvoiceLineRecord]]:
    """Give each document's lines."""
    load = info.context.load.invoice_line.by_document
    return await connections(load, [each.id for each in documents], listing)


@reads("id")
async def of_service_points(
    service_points: Sequence[ServicePointRecord], info: Info, listing: Listing[InvoiceLineFilter]
) -> Sequence[Connection[InvoiceLineRecord]]:
    """Give the lines that bill each service point."""
    load = info.context.load.invoice_line.by_service_point
    return await connections(load, [each.id for each in service_points], listing)
