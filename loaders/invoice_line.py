"""Lines of invoices and credit notes in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.billing import BillingSource
from sources.scope import Scope


class InvoiceLineLoaders:
    """The lines of invoices and credit notes of one operation."""

    def __init__(self, billing: BillingSource, scope: Scope) -> None:
        """Load from *billing* under *scope*."""
        self.by_id = RecordLoader(scope, billing.lines)
        self.by_document = PageLoader(scope, billing.lines_by_document)
        self.by_service_point = PageLoader(scope, billing.lines_by_service_point)
