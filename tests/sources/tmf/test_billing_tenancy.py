"""No bill, rate or account of another tenant, under a system that gives all it has whatever it is asked."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sources.billing.tmf import TmfBilling
from sources.keys import (
    BillingAccountId,
    BillingDocumentId,
    ComponentId,
    CustomerCode,
    InvoiceLineId,
    ServicePointId,
    SolutionId,
)
from sources.placement import Place
from sources.scope import ALL, Extent, Scope
from sources.tmf.settings import Strategy, ThingSettings
from tests.sources.bills import ACCOUNTS, DOCUMENTS, LINES
from tests.tmf.deaf import OWNERS, Deaf, owned, parties

ACME, OTHER = CustomerCode("acme"), CustomerCode("other")
WHOLE: Final = Scope(customer=ACME, solutions=ALL, accounts=ALL, locations=ALL)
S1 = SolutionId("S1")
BILL_IDS: Final = [BillingDocumentId(f"D{n}") for n in range(4)]
RATE_IDS: Final = [InvoiceLineId(f"L{n}") for n in range(6)]
PRODUCTS: Final = [ServicePointId("P1"), ServicePointId("P2")]


class Everywhere:
    """``BilledPlacement`` in which all products and accounts are of the Solution S1, whosever they are."""

    async def products(self, customer: CustomerCode, products: Any) -> dict[str, Place]:  # noqa: ANN401 - keys
        return {each: Place(service_point=ServicePointId(each), solution=S1) for each in products}

    async def components(self, customer: CustomerCode, components: object) -> dict[ComponentId, Place]:
        return {}

    async def accounts(
        self,
        customer: CustomerCode,
        accounts: Any,  # noqa: ANN401 - keys
    ) -> dict[BillingAccountId, tuple[SolutionId, ...]]:
        return dict.fromkeys(accounts, (S1,))

    async def of_solutions(self, customer: CustomerCode, solutions: Any) -> dict[str, SolutionId]:  # noqa: ANN401 - keys
        return dict.fromkeys(("P1", "P2", "P3"), S1) if S1 in solutions else {}


AMOUNT: Final = {"unit": "EUR", "value": 1.5}


def bills(owners: list[str | None]) -> list[dict[str, Any]]:
    """Give a bill for each of *owners*."""
    return [
        owned({"id": f"D{n}", "state": "sent", "billDate": "2026-01-01", "taxIncludedAmount": AMOUNT}, owner)
        for n, owner in enumerate(owners)
    ]


def rates(on: list[tuple[int | None, str, str | None]]) -> list[dict[str, Any]]:
    """Give a rate for each of *on*: the number of its bill, its product, and the party that it claims."""
    return [
        owned(
            {
                "id": f"L{n}",
                "product": {"id": product},
                "taxExcludedAmount": AMOUNT,
                **({} if bill is None else {"bill": {"id": f"D{bill}"}}),
            },
            owner,
        )
        for n, (bill, product, owner) in enumerate(on)
    ]


@pytest.mark.parametrize("strategy", Strategy, ids=lambda strategy: strategy.value)
@given(
    owners=st.lists(OWNERS, max_size=4),
    on=st.lists(
        st.tuples(st.none() | st.integers(0, 4), st.sampled_from(["P1", "P2", "P3"]), OWNERS), max_size=6
    ),
    covered=st.sampled_from([ALL, frozenset({"S1"}), frozenset({"S2"})]),
)
async def test_gives_no_bill_and_no_rate_of_another_tenant(
    strategy: Strategy,
    owners: list[str | None],
    on: list[tuple[int | None, str, str | None]],
    covered: Extent,
) -> None:
    api = Deaf({"customerBill": bills(owners), "appliedCustomerBillingRate": rates(on)})
    settings = ThingSettings(strategy=strategy)
    billing = TmfBilling((api, settings), (api, settings), parties, Everywhere())
    scope = replace(WHOLE, solutions=covered)
    seen = covered is ALL or "S1" in covered
    own = {f"D{n}" for n, owner in enumerate(owners) if owner == "1"}
    lines = {f"L{n}": f"D{bill}" for n, (bill, _, _) in enumerate(on) if seen and f"D{bill}" in own}
    shown = own if covered is ALL else set(lines.values())

    found = await billing.documents(scope, BILL_IDS)
    pages = await billing.documents_by_customer(scope, [ACME, OTHER], DOCUMENTS)
    under = await billing.lines_by_document(scope, BILL_IDS, LINES)
    billed = await billing.lines_by_service_point(scope, PRODUCTS, LINES)
    of_solution = await billing.documents_by_solution(scope, [S1], DOCUMENTS)

    assert found.keys() == shown
    assert {each.id for each in pages[ACME].rows} == shown
    assert (pages[ACME].total, pages[OTHER].rows) == (len(shown), [])
    assert {each.id for each in of_solution[S1].rows} == set(lines.values())
    assert (await billing.lines(scope, RATE_IDS)).keys() == lines.keys()
    assert {each.id: each.document for page in under.values() for each in page.rows} == lines
    assert {each.id for page in billed.values() for each in page.rows} == {
        each for each in lines if on[int(each[1:])][1] != "P3"
    }


@given(owners=st.lists(OWNERS, max_size=4), strategy=st.sampled_from(Strategy))
async def test_gives_no_account_of_another_tenant(owners: list[str | None], strategy: Strategy) -> None:
    api = Deaf({"billingAccount": [owned({"id": f"A{n}"}, owner) for n, owner in enumerate(owners)]})
    settings = ThingSettings(strategy=strategy)
    billing = TmfBilling((api, settings), (api, settings), parties, Everywhere())
    own = {f"A{n}" for n, owner in enumerate(owners) if owner == "1"}

    found = await billing.billing_accounts(WHOLE, [BillingAccountId(f"A{n}") for n in range(4)])
    pages = await billing.billing_accounts_by_customer(WHOLE, [ACME, OTHER], ACCOUNTS)
    under = await billing.billing_accounts_by_solution(WHOLE, [S1], ACCOUNTS)

    assert found.keys() == own
    assert {each.id for each in pages[ACME].rows} == own
    assert {each.id for each in under[S1].rows} == own


async def test_asks_nothing_for_a_customer_that_the_system_does_not_know() -> None:
    api = Deaf({"customerBill": bills(["1"]), "appliedCustomerBillingRate": rates([(0, "P1", "1")])})
    settings = ThingSettings()
    billing = TmfBilling((api, settings), (api, settings), parties, Everywhere())
    nobody = replace(WHOLE, customer=CustomerCode("nobody"))

    assert await billing.documents(nobody, BILL_IDS) == {}
    assert await billing.lines(nobody, RATE_IDS) == {}
    assert (await billing.lines_by_document(nobody, BILL_IDS, LINES))[BILL_IDS[0]].rows == []
    assert (await billing.lines_by_service_point(nobody, PRODUCTS, LINES))[PRODUCTS[0]].rows == []
    assert (await billing.documents_by_solution(nobody, [S1], DOCUMENTS))[S1].rows == []
    assert api.asked == []
