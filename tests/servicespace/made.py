"""Demo data made once for all tests that look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest

from servicespace.demo.billing import Bill, accounts, bills, disputed
from servicespace.demo.customers import ACME, BAKER, COBALT
from servicespace.demo.inventory import components
from servicespace.demo.maintenance import Work, works
from servicespace.demo.ordering import Estate, order
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES
from servicespace.demo.ticketing import Case, cases
from sources.billing import BillingAccountRecord, InvoiceLineRecord
from sources.inventory import ComponentRecord
from sources.keys import ServicePointId
from sources.ordering import ServicePointRecord

LEAP_DAY = date(2024, 2, 29)
PLANS = (
    Plan(ACME, PROFILES["small"], SEED, date(2026, 3, 1)),
    Plan(ACME, PROFILES["small"], 7, LEAP_DAY),
    Plan(BAKER, PROFILES["small"], SEED, date(2025, 12, 31)),
    Plan(COBALT, PROFILES["tiny"], SEED, date(2026, 7, 15)),
)
MEDIUM = Plan(ACME, PROFILES["medium"], SEED, date(2026, 3, 3))

each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.code}-{plan.today}")


@dataclass(frozen=True)
class Made:
    """All that a plan gives."""

    estate: Estate
    components: Sequence[ComponentRecord]
    accounts: Sequence[BillingAccountRecord]
    bills: Sequence[Bill]
    cases: Sequence[Case]
    works: Sequence[Work]

    @property
    def shown(self) -> Sequence[ComponentRecord]:
        return [each for each in self.components if each.exclusion is None]

    @property
    def lines(self) -> Sequence[InvoiceLineRecord]:
        return [line for bill in self.bills for line in bill.lines]

    @property
    def service_points(self) -> Mapping[ServicePointId, ServicePointRecord]:
        return {each.id: each for each in self.estate.service_points}


def make(plan: Plan) -> Made:
    """Make it all."""
    estate = order(plan)
    every = components(plan, estate)
    shown = [each for each in every if each.exclusion is None]
    billed = list(bills(plan, estate))
    disputable = [found for each in billed if (found := disputed(each))]
    return Made(
        estate,
        every,
        accounts(plan, estate),
        billed,
        list(cases(plan, estate, shown, disputable)),
        list(works(plan, estate, shown)),
    )


made = cache(make)
