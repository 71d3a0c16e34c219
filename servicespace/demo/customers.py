"""The customers of the demo and their Users, and the customer that ``servicespace seed`` makes."""

from collections.abc import Sequence
from typing import Final

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
        Offer(SolutionCategory.INTERNET_ACCESS, "Business Internet Magasins"),
        Offer(SolutionCategory.MOBILE, "Flotte mobile"),
        Offer(SolutionCategory.INTERNET_ACCESS, "Business Internet Entrepôts"),
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


def seed_customer(code: str, market: Market, portal_option: PortalOption) -> DemoCustomer:
    """Give the customer *code* that may order Solutions of every category, with all options."""
    options = ("DOCUMENTS", "REPORT_ENHANCED_IP") if portal_option is PortalOption.PREMIUM else ()
    offers = tuple(Offer(category, product.offer, options) for category, product in CATALOG.items())
    name = code.replace("-", " ").title()
    return DemoCustomer(CustomerCode(code), name, code.upper(), market, portal_option, offers, _OFFICES)


def users_of(
    customer: DemoCustomer, accounts: Sequence[BillingAccountRecord]
) -> Sequence[tuple[UserProfile, str]]:
    """Give the Users of a customer of the demo, each with what it may see in a few words."""
    short = customer.prefix.lower()
    categories = list(dict.fromkeys(each.category.value for each in customer.offers))
    admin = (
        _user(customer, f"{short}-admin"),
        f"all that {_listed(categories)} cover, {customer.portal_option.value}",
    )
    if customer is not ACME:
        return [admin]
    some = [each.id for each in accounts[1:4]]
    billing = _user(customer, f"{short}-billing", frozenset(some))
    return [
        admin,
        (billing, f"the same, but the bills of {len(some)} of {len(accounts)} billing accounts only"),
    ]


def _user(customer: DemoCustomer, username: str, accounts: frozenset[str] | None = None) -> UserProfile:
    return UserProfile(
        username=username,
        customer=UserCustomer(customer.code),
        email=f"{username}@{customer.code}.example",
        accounts=accounts,
    )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(", ".join(names).rsplit(", ", 1))
