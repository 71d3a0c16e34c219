import csv
from importlib.resources import files
from pathlib import Path

import pytest

from auth.feature import NEVER_GATED, Feature
from auth.rules import (
    CATEGORIES,
    MARKETS,
    PORTAL_OPTIONS,
    CoverageRule,
    CoverageRules,
    CoverageRulesError,
    Level,
    load_rules,
)

TABLES = ("coverage_matrix.csv", "portal_options.csv", "markets.csv")


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Give a folder with a copy of the project's tables, to be edited."""
    for name in TABLES:
        (tmp_path / name).write_text((files("auth") / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def edit(tables: Path, name: str, old: str, new: str) -> None:
    text = (tables / name).read_text(encoding="utf-8")
    assert old in text
    (tables / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(tables: Path) -> tuple[str, int, str]:
    with pytest.raises(CoverageRulesError) as caught:
        load_rules(tables)
    error = caught.value
    assert str(error) == f"{error.file}, line {error.line}: {error.reason}"
    return error.file, error.line, error.reason


def test_ships_the_matrix_of_the_reference_data(shared_data: Path) -> None:
    shipped = (files("auth") / "coverage_matrix.csv").read_text(encoding="utf-8")

    assert shipped == (shared_data / "coverage_matrix.csv").read_text(encoding="utf-8")


def test_gives_the_level_of_every_cell_of_the_matrix_under_premium() -> None:
    rules = load_rules()
    levels = {"Y": "FULL", "P": "READ", "N": "NONE", "OPT": "OPTION", "PAID": "PAID"}

    with (files("auth") / "coverage_matrix.csv").open(encoding="utf-8") as file:
        expected = {
            (row["feature"], category, market): levels[row[category]]
            for row in csv.DictReader(file)
            for category in CATEGORIES
            for market in MARKETS
        }

    assert len(expected) == 21 * 14 * 2
    assert expected == {
        (feature, category, market): rules.level(Feature[feature], category, market, "PREMIUM").value
        for feature, category, market in expected
    }


def open_under(rules: CoverageRules, portal_option: str, category: str) -> dict[str, str]:
    levels = {each: rules.level(each, category, "FR", portal_option) for each in Feature}
    return {each.value: level.value for each, level in levels.items() if level is not Level.NONE}


def test_opens_under_lite_only_incidents_and_billing_to_read_beside_what_is_never_gated() -> None:
    found = open_under(load_rules(), "LITE", "BUSINESS_VPN")

    assert found == {"BILLING": "READ", "INCIDENTS": "READ"} | {each.value: "FULL" for each in NEVER_GATED}


def test_opens_under_standard_all_but_documents_and_enhanced_reports() -> None:
    rules = load_rules()

    standard = open_under(rules, "STANDARD", "SDWAN")

    premium = open_under(rules, "PREMIUM", "SDWAN")
    assert premium == standard | {"DOCUMENTS": "OPTION", "REPORT_ENHANCED_IP": "PAID"}
    assert len(standard) == 19


@pytest.mark.parametrize(
    ("category", "market", "portal_option"),
    [
        ("FAX", "FR", "PREMIUM"),
        ("MOBILE", "US", "PREMIUM"),
        ("MOBILE", "FR", "GOLD"),
        ("mobile", "FR", "LITE"),
    ],
)
def test_opens_nothing_for_what_no_rule_names(category: str, market: str, portal_option: str) -> None:
    assert load_rules().level(Feature.BILLING, category, market, portal_option) is Level.NONE


@pytest.mark.parametrize(
    ("cell", "option", "market", "level"),
    [
        ("Y", "Y", "Y", Level.FULL),
        ("Y", "P", "Y", Level.READ),
        ("P", "Y", "Y", Level.READ),
        ("P", "P", "Y", Level.READ),
        ("N", "P", "Y", Level.NONE),
        ("N", "Y", "Y", Level.NONE),
        ("Y", "N", "Y", Level.NONE),
        ("Y", "Y", "N", Level.NONE),
        ("P", "P", "N", Level.NONE),
        ("OPT", "Y", "Y", Level.OPTION),
        ("PAID", "Y", "Y", Level.PAID),
        ("OPT", "N", "Y", Level.NONE),
        ("PAID", "Y", "N", Level.NONE),
    ],
)
def test_caps_the_matrix_by_portal_option_and_market(
    tables: Path, cell: str, option: str, market: str, level: Level
) -> None:
    edit(tables, "coverage_matrix.csv", f"SELFCARE{',N,N,N,Y,N,Y'}", f"SELFCARE{',Y,Y,Y,' + cell + ',N,Y'}")
    edit(tables, "portal_options.csv", "SELFCARE,N,Y,Y", f"SELFCARE,N,{option},Y")
    edit(tables, "markets.csv", "SELFCARE,Y,Y", f"SELFCARE,Y,{market}")

    rules = load_rules(tables)

    assert rules.level(Feature.SELFCARE, "SDWAN", "FR", "STANDARD") is level


def test_takes_a_table_with_the_marks_that_spreadsheets_leave(tables: Path) -> None:
    text = (tables / "markets.csv").read_text(encoding="utf-8")
    (tables / "markets.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert load_rules(tables).level(Feature.BILLING, "MOBILE", "FR", "STANDARD") is Level.FULL


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "reason"),
    [
        ("markets.csv", "feature,", "Feature,", 1, "the first column must be feature"),
        ("coverage_matrix.csv", ",MOBILE", ",FAX", 1, "unknown column 'FAX'"),
        ("portal_options.csv", "LITE,STANDARD", "LITE,LITE", 1, "two columns LITE"),
        ("portal_options.csv", "LITE,", "", 1, "no column LITE"),
        ("markets.csv", "BILLING,", "BILING,", 4, "unknown feature 'BILING'"),
        ("markets.csv", "BILLING,Y,Y\n", "\n", 4, "unknown feature ''"),
        ("markets.csv", "BILLING,Y,Y", "BILLING,Y", 4, "2 cells where the header has 3"),
        ("markets.csv", "BILLING,Y,Y", "BILLING,Y,", 4, "unknown level '' for FR; one of Y, N"),
        ("markets.csv", "BILLING,Y,Y", "BILLING,P,Y", 4, "unknown level 'P' for INTL; one of Y, N"),
        ("portal_options.csv", "BILLING,P", "BILLING,OPT", 4, "unknown level 'OPT' for LITE; one of Y, N, P"),
        ("markets.csv", "BILLING_QUERIES,", "BILLING,", 5, "two rows for BILLING"),
        ("markets.csv", "BILLING,Y,Y\n", "", 21, "no row for BILLING"),
        (
            "portal_options.csv",
            "DOCUMENTS,N",
            "DOCUMENTS,P",
            18,
            "DOCUMENTS is on order for BUSINESS_VPN: LITE must be Y or N, not P",
        ),
    ],
)
def test_refuses_a_wrong_table_and_says_where_and_why(
    tables: Path, name: str, old: str, new: str, line: int, reason: str
) -> None:
    edit(tables, name, old, new)

    assert refusal(tables) == (name, line, reason)


def test_refuses_an_empty_table(tables: Path) -> None:
    (tables / "markets.csv").write_text("", encoding="utf-8")

    assert refusal(tables) == ("markets.csv", 1, "the first column must be feature")


def test_refuses_text_that_is_not_utf8(tables: Path) -> None:
    (tables / "markets.csv").write_bytes(b"feature,INTL,FR\nBILLING,Y,\xff\n")

    assert refusal(tables) == ("markets.csv", 2, "not UTF-8")


def test_refuses_two_rules_for_one_place() -> None:
    rule = CoverageRule(
        feature=Feature.BILLING, category="MOBILE", market="FR", portal_option="LITE", level=Level.READ
    )

    with pytest.raises(ValueError, match="two coverage rules for BILLING, MOBILE, FR, LITE"):
        CoverageRules([rule, rule])


def test_orders_the_portal_options_from_small_to_big() -> None:
    assert PORTAL_OPTIONS == ("LITE", "STANDARD", "PREMIUM")
