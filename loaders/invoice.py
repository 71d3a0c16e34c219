"""Invoices and credit notes in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.billing import BillingSource
from sources.scope import Scope


class InvoiceLoaders:
    """The invoices and credit notes of one operation."""

    def __init__(self, billing: BillingSource, scope: Scope) -> None:
        """Load from *billing* under *scope*."""
        self.by_id = RecordLoader(scope, billing.documents)
        self.by_customer = PageLoader(scope, billing.documents_by_customer)
        self.by_account = PageLoader(scope, billing.documents_by_account)
        self.by_solution = PageLoader(scope, billing.documents_by_solution)
        self.by_invoice = PageLoader(scope, billing.credit_notes_by_invoice)
