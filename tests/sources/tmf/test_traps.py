"""The 26 traps of domain.md section 5, and the tests that stand for each.

6 to 9 are of writes, which connectors do not make yet; 15 and 16 are of TMF642, which none speaks.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession

from tests.tmf.server import Habits, TmfServer, Total, serving

SOURCES: Final = Path(__file__).parents[1]

TRAPS: Final[dict[int, list[tuple[str, str]]]] = {
    1: [
        ("tmf/test_tenancy.py", "gives_no_row_of_another_tenant_whatever_a_system_answers"),
        ("tmf/test_collection.py", "gives_nothing_that_was_not_asked_for_though_the_system_does"),
        ("tmf/test_billing_tenancy.py", "gives_no_bill_and_no_rate_of_another_tenant"),
        ("tmf/test_ordering.py", "gives_no_product_of_another_tenant"),
    ],
    2: [("tmf/test_paging.py", "reads_a_list_to_its_end_whatever_its_total_says_and_its_pages_hold")],
    3: [
        ("tmf/test_paging.py", "reads_a_list_to_its_end_whatever_its_total_says_and_its_pages_hold"),
        ("tmf/test_traps.py", "the_links_of_a_page_are_as_malformed_as_those_that_were_met"),
        ("tmf/test_paging.py", "asks_no_more_than_it_takes_to_know_that_a_list_has_ended"),
    ],
    4: [
        ("http/test_faults.py", "a_system_that_fails_is_unavailable"),
        ("http/test_faults.py", "a_system_that_will_not_has_refused"),
        ("tmf/test_paging.py", "what_is_no_list_of_things_is_a_failure_that_quotes_nothing"),
    ],
    5: [("tmf/test_fast.py", "every_kind_is_spelt_as_the_specifications_have_it")],
    10: [
        ("http/test_client.py", "never_follows_links"),
        ("tmf/test_collection.py", "asks_for_many_ids_as_the_settings_say_and_gives_those_of_the_customer"),
    ],
    11: [("test_tmf_ordering.py", "reads_a_place_in_each_of_its_shapes")],
    12: [
        ("test_tmf_ticketing.py", "reads_what_it_is_about_in_each_shape"),
        ("tmf/test_tenancy.py", "gives_no_row_of_another_tenant_whatever_a_system_answers"),
    ],
    13: [("test_tmf_billing.py", "reads_the_type_and_the_bill_that_version_5s_example_has")],
    14: [("test_tmf_ticketing.py", "reads_version_5s_external_identifiers")],
    17: [("test_tmf.py", "a_rate_of_tax_greater_than_1_is_a_percentage")],
    18: [("test_tmf_billing.py", "makes_a_document_of_the_official_bill")],
    19: [("test_tmf.py", "reads_a_bandwidth_however_it_is_written")],
    20: [
        ("test_tmf.py", "keys_are_the_same_in_any_case"),
        ("tmf/test_fast.py", "a_page_with_keys_in_another_case_says_the_same"),
    ],
    21: [("test_tmf.py", "refuses_what_is_no_json")],
    22: [
        ("http/test_client.py", "believes_a_total_only_if_it_is_a_number"),
        ("tmf/test_paging.py", "reads_a_list_to_its_end_whatever_its_total_says_and_its_pages_hold"),
    ],
    23: [
        ("test_tmf_ordering.py", "finds_the_parts_that_are_sent_by_value"),
        ("tmf/test_fast.py", "things_inside_things_are_spelt_too_at_any_depth"),
        ("tmf/test_ordering.py", "a_tree_of_products_is_read_to_its_leaves"),
    ],
    24: [
        ("tmf/test_asking.py", "an_id_with_a_comma_is_asked_for_by_itself_where_commas_mean_or"),
        ("tmf/test_collection.py", "asks_for_an_id_with_a_comma_by_itself"),
        ("tmf/test_collection.py", "reads_all_of_a_customers_tickets_where_a_parents_id_has_a_comma"),
    ],
    25: [
        ("tmf/test_paging.py", "reads_a_list_to_its_end_whatever_its_total_says_and_its_pages_hold"),
        ("tmf/test_paging.py", "a_row_that_shifts_to_the_next_page_is_given_once"),
        ("tmf/test_paging.py", "a_list_that_repeats_the_same_page_for_ever_ends"),
        ("tmf/test_paging.py", "a_list_that_brings_something_new_for_ever_is_refused_after_a_bound_of_pages"),
    ],
    26: [("tmf/test_collection.py", "asks_for_many_ids_as_the_settings_say_and_gives_those_of_the_customer")],
}
"""The tests in ``tests/sources`` for each trap that reading things can fall into."""


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_of_reading_has_its_tests(trap: int) -> None:
    for file, name in TRAPS[trap]:
        assert re.search(rf"def test_{name}\(", (SOURCES / file).read_text()), name


def test_all_traps_are_accounted_for() -> None:
    assert {*TRAPS, 6, 7, 8, 9, 15, 16} == set(range(1, 27))


def test_the_documents_name_the_tests_of_every_trap() -> None:
    _, _, table = (SOURCES.parents[1] / "docs" / "upstreams.md").read_text().partition("| trap |")
    rows = {int(trap): names for trap, names in re.findall(r"^\| (\d+) \|.*\| (.*) \|$", table, re.MULTILINE)}

    assert rows == {trap: ", ".join(f"`{name}`" for _, name in tests) for trap, tests in TRAPS.items()}


async def test_the_links_of_a_page_are_as_malformed_as_those_that_were_met() -> None:
    server = TmfServer(Habits(total=Total.RIGHT, status=206))
    server.things["troubleTicket"] = [{"id": "T1"}]

    async with serving(server), ClientSession() as session, session.get(f"{server.url}troubleTicket") as page:
        assert (page.status, page.headers["Link"].startswith('"<')) == (206, True)
