"""Billing accounts, from what is billed to them."""

from collections.abc import Sequence
from typing import Protocol

from resolvers.batch import reads
from resolvers.connection import Connection, connections
from resolvers.context import Info
from sources.billing import BillingAccountFilter, BillingAccountRecord
from sources.keys import BillingAccountId
from sources.listing import Listing
from sources.ordering import ServicePointRecord, SolutionRecord


class OfAccount(Protocol):
    """A billing document or a line of one."""

    @property
    def account(self) -> BillingAccountId | None:
        """The account's id."""
        ...


@reads("account")
async def of_documents(documents: Sequence[OfAccount], info: Info) -> Sequence[BillingAccountRecord | None]:
    """Give the account of each document or line."""
    return await info.context.load.billing_account.by_id.load_present(each.account for each in documents)


@reads("billing_account")
async def of_service_points(
    service_points: Sequence[ServicePointRecord], info: Info
) -> Sequence[BillingAccountRecord | None]:
    """Give the account to which each service point is billed."""
    keys = (each.billing_account for each in service_points)
    return await info.context.load.billing_account.by_id.load_present(keys)


async def of_customer(
    parents: Sequence[None], info: Info, listing: Listing[BillingAccountFilter]
) -> Sequence[Connection[BillingAccountRecord]]:
    """Give the billing accounts of the asker's customer."""
    context = info.context
    return await connections(
        context.load.billing_account.by_customer, [context.customer for _ in parents], listing
    )


@reads("id")
async def of_solutions(
    solutions: Sequence[SolutionRecord], info: Info, listing: Listing[BillingAccountFilter]
) -> Sequence[Connection[BillingAccountRecord]]:
    """Give the accounts to which each Solution is billed."""
    load = info.context.load.billing_account.by_solution
    return await connections(load, [each.id for each in solutions], listing)
