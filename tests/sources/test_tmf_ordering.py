"""TMF637 Product: Solutions and service points."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from sources.keys import BillingAccountId, CustomerCode, ServicePointId, SolutionId
from sources.ordering import Market, ProductStatus, ServicePointRecord, SolutionCategory, SolutionRecord
from sources.ordering.wire import (
    Offering,
    Product,
    Relationship,
    arrange,
    parts,
    read_product,
    service_point_record,
    solution_record,
    wholes,
)
from sources.tmf import Characteristic, Related, TmfError, decode
from tests.sources.wires import things

ACME = CustomerCode("acme")


def product(text: str) -> Product:
    return read_product(decode(text.encode()))


def solution(text: str) -> SolutionRecord:
    return solution_record(product(text), ACME, Market.FR)


def service_point(text: str) -> ServicePointRecord:
    return service_point_record(product(text), ACME, SolutionId("S1"))


def test_makes_a_solution_of_a_product() -> None:
    made = solution(
        """{"id": "g265-tf85", "name": "Voice for Jean", "status": "active", "isBundle": false,
        "startDate": "2017-11-01T09:37:29.961Z", "terminationDate": "9999-12-31",
        "productOffering": {"id": "PO-101-1", "name": "Voice Over IP Basic"}}"""
    )

    assert made == SolutionRecord(
        customer=ACME,
        id=SolutionId("g265-tf85"),
        name="Voice for Jean",
        offer="Voice Over IP Basic",
        category=SolutionCategory.BUSINESS_TALK,
        status=ProductStatus.ACTIVE,
        raw_status="active",
        market=Market.FR,
        ordered_on=date(2017, 11, 1),
        activated_on=date(2017, 11, 1),
    )


@pytest.mark.parametrize(
    ("offering", "category"),
    [
        ('{"name": "Voice Over IP Basic"}', SolutionCategory.BUSINESS_TALK),
        ('{"name": "Business VPN Galerie"}', SolutionCategory.BVPN_GALERIE),
        ('{"name": "Business VPN"}', SolutionCategory.BUSINESS_VPN),
        ('{"name": "Flexible SD-WAN"}', SolutionCategory.SDWAN),
        ('{"name": "Business Internet Fibre"}', SolutionCategory.INTERNET_ACCESS),
        ('{"name": "Ethernet Link"}', SolutionCategory.ETHERNET),
        ('{"name": "Flexible Contact Center"}', SolutionCategory.CONTACT_CENTER),
        ('{"name": "IoT Connect"}', SolutionCategory.IOT_CONNECTIVITY),
        ('{"name": "Business Mobile 5G"}', SolutionCategory.MOBILE),
        ('{"name": "Managed Firewall"}', SolutionCategory.SECURITY),
        ('{"name": "Managed Wi-Fi"}', SolutionCategory.LAN_WIFI_MGMT),
        ('{"name": "Mail Relay"}', SolutionCategory.MAIL_IP_MESSAGING),
        ('{"name": "Unified Communications"}', SolutionCategory.COLLAB_UC),
        ('{"name": "Cloud Avenue"}', SolutionCategory.CLOUD_IAAS),
        ('{"name": "A", "category": "business_vpn"}', SolutionCategory.BUSINESS_VPN),
        ('{"name": "A", "category": [{"id": 1, "name": "SDWAN"}]}', SolutionCategory.SDWAN),
        ('{"name": "Islanded planter"}', SolutionCategory.UNKNOWN),
        ('{"id": "PO-1"}', SolutionCategory.UNKNOWN),
        ("null", SolutionCategory.UNKNOWN),
    ],
)
def test_an_offer_has_the_category_that_its_words_mean(offering: str, category: SolutionCategory) -> None:
    made = solution(f'{{"id": "P", "orderDate": "2020-01-01", "productOffering": {offering}}}')

    assert made.category is category


def test_the_name_of_a_product_gives_no_category() -> None:
    made = solution('{"id": "P", "name": "SD-WAN", "orderDate": "2020-01-01"}')

    assert made.category is SolutionCategory.UNKNOWN


def test_a_state_that_is_not_known_keeps_its_text() -> None:
    made = solution('{"id": "P", "orderDate": "2020-01-01", "status": "sleeping"}')

    assert (made.status, made.raw_status) == (ProductStatus.UNKNOWN, "sleeping")


def test_refuses_a_solution_that_was_never_ordered() -> None:
    with pytest.raises(TmfError, match="has no orderDate, creationDate or startDate"):
        solution('{"id": "P"}')


@pytest.mark.parametrize(
    "place",
    [
        '{"id": 9912, "role": "installation"}',
        '[{"id": "9912"}]',
        '[{"role": "installation", "place": {"id": "9912", "@referredType": "GeographicSite"}}]',
    ],
    ids=["object", "array", "version 5"],
)
def test_reads_a_place_in_each_of_its_shapes(place: str) -> None:
    assert service_point(f'{{"id": "P", "place": {place}}}').location == "9912"


def test_makes_a_service_point_of_a_part() -> None:
    made = service_point(
        """{"id": 7, "productOffering": {"name": "Access 100"}, "status": "aborted ", "place": {},
        "billingAccount": {"id": "A1"}, "startDate": "2020-02-01", "terminationDate": "2021-02-01T00:00",
        "productCharacteristic": [{"name": "Access Speed", "value": "100 Mbps"}]}"""
    )

    assert made == ServicePointRecord(
        customer=ACME,
        id=ServicePointId("7"),
        name="Access 100",
        offer="Access 100",
        status=ProductStatus.ABORTED,
        raw_status="aborted ",
        solution=SolutionId("S1"),
        billing_account=BillingAccountId("A1"),
        bandwidth=100_000_000,
        activated_on=date(2020, 2, 1),
        terminated_on=date(2021, 2, 1),
    )


@pytest.mark.parametrize(
    ("text", "visible"),
    [("false", False), ('"false"', False), ("true", True), ('"TRUE"', True), ("null", True)],
)
def test_tells_whether_the_customer_may_see_a_product(text: str, *, visible: bool) -> None:
    assert product(f'{{"id": 1, "isCustomerVisible": {text}}}').visible is visible


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ('{"id": "B", "product": [{"id": "P"}]}', '{"id": "P"}'),
        ('{"id": "B", "product": {"id": "P"}}', '{"id": "P"}'),
        (
            '{"id": "B", "productRelationship": [{"relationshipType": "bundled", "product": {"id": "P"}}]}',
            '{"id": "P"}',
        ),
        ('{"id": "B", "productRelationship": [{"relationshipType": "bundles", "id": "P"}]}', '{"id": "P"}'),
        ('{"id": "B"}', '{"id": "P", "productRelationship": {"relationshipType": "isBundledIn", "id": "B"}}'),
    ],
)
def test_knows_a_part_from_either_side_in_any_order(whole: str, part: str) -> None:
    products = [product(whole), product(part)]

    assert wholes(products) == wholes(reversed(products)) == {"P": "B"}
    assert arrange(products, {}, ()) == {"B": "B", "P": "B"}


def test_what_relies_on_another_is_no_part_of_it() -> None:
    products = [
        product('{"id": "A"}'),
        product('{"id": "P", "productRelationship": [{"relationshipType": "reliesOn", "id": "A"}]}'),
    ]

    assert arrange(products, {}, ()) == {"A": "A", "P": "P"}


def test_a_bundle_inside_a_bundle_is_a_solution_too() -> None:
    products = [
        product('{"id": "B", "product": [{"id": "C"}]}'),
        product('{"id": "C", "isBundle": true, "product": [{"id": "P"}]}'),
        product('{"id": "P", "product": [{"id": "Q"}]}'),
        product('{"id": "Q"}'),
    ]

    assert arrange(products, {}, ()) == {"B": "B", "C": "C", "P": "C", "Q": "C"}


def test_products_that_contain_one_another_are_solutions() -> None:
    products = [
        product('{"id": "A", "product": {"id": "B"}}'),
        product('{"id": "B", "product": [{"id": "A"}, {"id": "B"}]}'),
    ]

    assert arrange(products, {}, ()) == {"A": "A", "B": "B"}


def test_a_known_service_point_stays_one_and_a_known_solution_too() -> None:
    products = [
        product('{"id": "P"}'),
        product('{"id": "B", "product": {"id": "T"}}'),
        product('{"id": "T"}'),
    ]

    assert arrange(products, {"P": "S"}, {"S", "T"}) == {"P": "S", "B": "B", "T": "T"}


def test_a_whole_that_is_not_known_is_named_all_the_same() -> None:
    products = [product('{"id": "P", "productRelationship": [{"relationshipType": "partOf", "id": "B"}]}')]

    assert arrange(products, {}, ()) == {"P": "B"}


def test_finds_the_parts_that_are_sent_by_value() -> None:
    whole = product(
        """{"id": "B", "product": [{"id": "P", "status": "active", "product": {"id": "Q", "startDate": ""}},
        {"id": "R", "name": "a reference", "href": "https://host/R"}, {"status": "active"}]}"""
    )

    assert [each.id for each in parts(whole)] == ["P", "Q"]


def test_tells_the_resources_that_a_product_runs_on() -> None:
    assert product('{"id": 1, "realizingResource": [{"id": 5}, {}, {"id": "6"}]}').resources == ["5", "6"]


def test_says_which_value_is_of_the_wrong_kind() -> None:
    with pytest.raises(TmfError, match=r"Expected `str \| null`, got `int` - at `\$.name`"):
        product('{"id": 1, "name": 5}')


@given(things(Product, Offering, Relationship, Related, Characteristic))
def test_a_product_of_junk_is_never_more_than_refused(thing: Mapping[str, Any]) -> None:
    with suppress(TmfError):
        made = read_product(thing)
        arrange([made, *parts(made)], {}, ())
        solution_record(made, ACME, Market.INTL)
        service_point_record(made, ACME, SolutionId("S"))


@pytest.mark.parametrize(
    ("characteristic", "options"),
    [
        (
            '{"name": "options", "value": ["documents", "REPORT_ENHANCED_IP", 7, ""]}',
            ("DOCUMENTS", "REPORT_ENHANCED_IP"),
        ),
        ('{"name": "Optional Modules", "value": "Documents, ,DOCUMENTS"}', ("DOCUMENTS",)),
        ('{"name": "options", "value": {"DOCUMENTS": true}}', ()),
        ('{"name": "colour", "value": "DOCUMENTS"}', ()),
    ],
)
def test_a_solution_has_the_options_that_its_characteristic_lists(
    characteristic: str, options: tuple[str, ...]
) -> None:
    made = solution(f'{{"id": "1", "startDate": "2020-01-01", "productCharacteristic": [{characteristic}]}}')

    assert made.options == options


@pytest.mark.parametrize(
    ("said", "market"), [('"intl"', Market.INTL), ('"MARS"', Market.FR), ("3", Market.FR)]
)
def test_a_solution_is_sold_where_it_says_else_where_the_customer_is(said: str, market: Market) -> None:
    more = f'"productCharacteristic": {{"name": "market", "value": {said}}}'

    assert solution(f'{{"id": "1", "startDate": "2020-01-01", {more}}}').market is market
