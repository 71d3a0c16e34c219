"""Billing accounts in batches."""

from loaders.loader import PageLoader, RecordLoader
from sources.billing import BillingSource
from sources.scope import Scope


class BillingAccountLoaders:
    """The billing accounts of one operation."""

    def __init__(self, billing: BillingSource, scope: Scope) -> None:
        """Load from *billing* under *scope*."""
        self.by_id = RecordLoader(scope, billing.billing_accounts)
        self.by_customer = PageLoader(scope, billing.billing_accounts_by_customer)
        self.by_solution = PageLoader(scope, billing.billing_accounts_by_solution)
