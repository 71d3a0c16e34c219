"""The customers of the demo and their Users, and the customer that ``servicespace seed`` makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from auth.right import Role, everywhere
from auth.store import UserProfile
from auth.viewer import CustomerCode as UserCustomer
from servicespace.demo.catalog import CATALOG
from servicespace.demo.plan import DemoCustomer, Offer
from sources.billing import BillingAccountRecord
from sources.keys import CustomerCode
from sources.ordering import Market, PortalOption, SolutionCategory

_OFFICES: Final = ("Headquarters", "Office", "Plant", "Warehouse", "Data centre", "Lab", "Branch")
_SHOPS: Final = ("Magasin", "Boutique", "Entrepôt", "Siège", "Drive")

ACME: Final = DemoCustomer(
    code=CustomerCode("acme-global"),
    name="Acme Global",
    prefix="ACME",
    market=Market.INTL,
    portal_option=PortalOption.PREMIUM,
    offers=(
        Offer(SolutionCategory.BUSINESS_VPN, "Business VPN Global", ("DOCUMENTS", "REPORT_ENHANCED_IP")),
        Offer(SolutionCategory.SDWAN, "SD-WAN Branches", ("REPORT_ENHANCED_IP",)),
        Offer(SolutionCategory.BUSINESS_TALK, "Business Talk Europe", ("DOCUMENTS",)),
        Offer(SolutionCategory.SDWAN, "SD-WAN Plants"),
        Offer(SolutionCategory.BUSINESS_VPN, "Business VPN Research"),
        Offer(SolutionCategory.BUSINESS_TALK, "Business Talk Worldwide"),
    ),
    sites=_OFFICES,
)
BAKER: Final = DemoCustomer(
    code=CustomerCode("baker-retail"),
    name="Baker Retail",
    prefix="BAKER",
    market=Market.FR,
    portal_option=PortalOption.STANDARD,
    offers=(
        Offer(SolutionCategory.LAN_WIFI_MGMT, "Wi-Fi Magasins"),
        Offer(SolutionCategory.MOBILE, "Flotte mobile"),
        Offer(SolutionCategory.LAN_WIFI_MGMT, "LAN Entrepôts"),
    ),
    sites=_SHOPS,
)
COBALT: Final = DemoCustomer(
    code=CustomerCode("cobalt-lite"),
    name="Cobalt",
    prefix="COBALT",
    market=Market.FR,
    portal_option=PortalOption.LITE,
    offers=(Offer(SolutionCategory.MOBILE, "Cobalt Mobile"),),
    sites=("Bureau", "Atelier"),
)


def seed_customer(
    code: str, market: Market, portal_option: PortalOption, categories: Sequence[SolutionCategory]
) -> DemoCustomer:
    """Give the customer *code* that orders *categories* in turn, with PREMIUM all options too."""
    options = ("DOCUMENTS", "REPORT_ENHANCED_IP") if portal_option is PortalOption.PREMIUM else ()
    offers = tuple(Offer(each, CATALOG[each].offer, options) for each in categories)
    name = code.replace("-", " ").title()
    return DemoCustomer(CustomerCode(code), name, code.upper(), market, portal_option, offers, _OFFICES)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A User to be made; ``few_accounts`` where its data scope leaves out bills."""

    username: str
    customer: DemoCustomer
    sees: str
    few_accounts: bool = False

    def profile(self, accounts: Sequence[BillingAccountRecord]) -> UserProfile:
        """Give the User as auth keeps it; *accounts* are the customer's billing accounts."""
        few = accounts[1:4] or accounts[:1]
        return UserProfile(
            username=self.username,
            customer=UserCustomer(self.customer.code),
            email=f"{self.username}@{self.customer.code}.example",
            rights=everywhere(Role.MANAGER, administrator=not self.few_accounts),
            accounts=frozenset(each.id for each in few) if self.few_accounts else None,
        )


USERS: Final = (
    DemoUser("acme-admin", ACME, "all that VPN, SD-WAN and voice Solutions cover, worldwide (PREMIUM)"),
    DemoUser(
        "acme-billing", ACME, "the same, but the bills of a few billing accounts only", few_accounts=True
    ),
    DemoUser("baker-admin", BAKER, "what managed LAN and mobile Solutions cover in France (STANDARD)"),
    DemoUser("cobalt-admin", COBALT, "the little that a mobile Solution covers (LITE)"),
)
"""The Users of the demo."""


def users_of(customer: DemoCustomer) -> Sequence[DemoUser]:
    """Give the Users of *customer*; one that is not of the demo has one who sees all."""
    known = [each for each in USERS if each.customer == customer]
    return known or [DemoUser(f"{customer.code}-admin", customer, "all that its Solutions cover")]
