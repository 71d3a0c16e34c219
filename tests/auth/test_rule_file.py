from datetime import date

import pytest

from auth.feature import Feature
from auth.rule_book import PLACES, DatedRule
from auth.rule_file import parse_rules
from auth.rules import CATEGORIES, CoverageRulesError, Level

TODAY = date(2026, 11, 20)
PLACE = "MAINTENANCE, MOBILE, INTL, STANDARD"

ONE = """\
# Mobile customers see maintenance over the winter.
[[rule]]
feature = "MAINTENANCE"
categories = ["MOBILE"]
markets = ["INTL"]
portal_options = ["STANDARD"]
level = "READ"
valid_from = 2026-12-01
valid_to = 2027-02-01

[[rule]]
feature = "MAINTENANCE"
categories = [
    "MOBILE",
]
markets = ["INTL"]
portal_options = ["STANDARD"]
level = "NONE"
valid_from = 2027-02-01
"""


def read(text: str) -> list[DatedRule]:
    return list(parse_rules("rules.toml", text.encode(), TODAY))


def refusal(content: str | bytes) -> tuple[int, str]:
    data = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(CoverageRulesError) as caught:
        parse_rules("rules.toml", data, TODAY)
    assert caught.value.file == "rules.toml"
    return caught.value.line, caught.value.reason


def test_reads_periods_that_follow_one_another() -> None:
    rules = read(ONE)

    assert [(each.level.value, each.valid_from, each.valid_to) for each in rules] == [
        ("READ", date(2026, 12, 1), date(2027, 2, 1)),
        ("NONE", date(2027, 2, 1), None),
    ]
    assert {str(each.place) for each in rules} == {PLACE}


def test_means_every_place_of_the_feature_from_today_on_where_nothing_is_said() -> None:
    rules = read('[[rule]]\nfeature = "BILLING"\nlevel = "FULL"\n')

    assert [each.place for each in rules] == [place for place in PLACES if place.feature is Feature.BILLING]
    assert {(each.level, each.valid_from, each.valid_to) for each in rules} == {(Level.FULL, TODAY, None)}
    assert len(rules) == len(CATEGORIES) * 2 * 3


def test_takes_what_spreadsheets_and_editors_leave_and_rules_in_any_order() -> None:
    first, second = ONE.split("\n\n")
    marked = b"\xef\xbb\xbf" + f"{second}\n{first}\n".replace("\n", "\r\n").encode()

    rules = list(parse_rules("rules.toml", marked, TODAY))

    assert rules == read(f"{second}\n{first}\n")
    assert {each.level for each in rules} == {Level.READ, Level.NONE}


def test_lets_never_gated_features_be_full() -> None:
    rules = read('[[rule]]\nfeature = "CONTACTS"\nlevel = "FULL"\n')

    assert {each.feature for each in rules} == {Feature.CONTACTS}


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('feature = "MAINTENANCE"', 'feature = "MAINTENANSE"', 3, "unknown feature 'MAINTENANSE'; one of "),
        ('feature = "MAINTENANCE"\n', "", 2, "no feature"),
        ('feature = "MAINTENANCE"', "feature = 3", 3, 'feature must have text, as in "QUOTES_ORDERS"'),
        ('categories = ["MOBILE"]', 'categories = ["FAX"]', 4, "unknown category 'FAX'; one of "),
        ('categories = ["MOBILE"]', "categories = []", 4, "categories is empty; leave it out"),
        ('categories = ["MOBILE"]', 'categories = "MOBILE"', 4, "categories must be a list, as in ["),
        ('categories = ["MOBILE"]', "categories = [1]", 4, 'categories must have text, as in "BUSINESS_VPN"'),
        ('["MOBILE"]', '["MOBILE", "SDWAN", "MOBILE"]', 4, "MOBILE stands twice in categories"),
        ('categories = ["MOBILE"]', 'category = ["MOBILE"]', 4, "unknown key 'category'; one of feature, "),
        ('markets = ["INTL"]', 'markets = ["US"]', 5, "unknown market 'US'; one of INTL, FR"),
        ('["STANDARD"]', '["GOLD"]', 6, "unknown portal option 'GOLD'; one of LITE, STANDARD, PREMIUM"),
        ('["STANDARD"]', "[]", 6, "portal_options is empty; leave it out for all of them"),
        ('level = "READ"', 'level = "Y"', 7, "unknown level 'Y'; one of NONE, READ, FULL, OPTION, PAID"),
        ('level = "READ"\n', "", 2, "no level"),
        ('level = "READ"', "level = true", 7, 'level must have text, as in "NONE"'),
        ("valid_from = 2026-12-01", 'valid_from = "2026-12-01"', 8, "valid_from must be a day, as in "),
        ("= 2027-02-01\n\n", "= 2027-02-01T00:00:00Z\n\n", 9, "valid_to must be a day, as in 2026-12-01"),
        ("= 2027-02-01\n\n", "= 2026-12-01\n\n", 9, "valid_to 2026-12-01 is not after valid_from 2026-12-01"),
        (
            "valid_from = 2026-12-01\nvalid_to = 2027-02-01",
            "valid_to = 2026-11-20",
            8,
            "valid_to 2026-11-20 is not after valid_from 2026-11-20 (today)",
        ),
        (
            "valid_to = 2027-02-01",
            "valid_to = 2027-01-31",
            9,
            f"a gap: for {PLACE} the next rule begins on 2027-02-01, not on 2027-01-31",
        ),
        (
            "valid_to = 2027-02-01",
            "valid_to = 2027-02-02",
            11,
            f"overlaps the rule of line 2 for {PLACE}",
        ),
        ("valid_to = 2027-02-01\n", "", 10, f"overlaps the rule of line 2 for {PLACE}"),
        (
            'level = "NONE"\n',
            'level = "NONE"\nvalid_to = 2028-01-01\n',
            19,
            f"nothing follows valid_to 2028-01-01 for {PLACE}; say what holds from then on",
        ),
        ('feature = "MAINTENANCE"', 'feature = "CONTACTS"', 7, "CONTACTS is never gated: its level "),
        ("# Mobile", "version = 2\n# Mobile", 1, "unknown key 'version'; write [[rule]] "),
        ("\n\n[[rule]]", "\n\n[level]\na = 1\n[[rule]]", 11, "unknown key 'level'; write [[rule]] "),
        ("\n\n[[rule]]", "\n\n[rule.note]\na = 1\n[[rule]]", 11, "unknown key 'note'; one of feature, "),
        ("valid_to = 2027-02-01\n\n[[rule]]", "valid_to = 2027-02-01\n\n[rule]", 11, "not TOML: "),
        ("valid_from = 2026-12-01", "valid_from = 2026-13-01", 8, "not TOML: "),
        ('level = "NONE"', 'level = """NONE', 19, "not TOML: "),
    ],
)  # fmt: skip
def test_refuses_a_wrong_file_whole_and_says_where_and_why(
    old: str, new: str, line: int, reason: str
) -> None:
    assert old in ONE

    found = refusal(ONE.replace(old, new, 1))

    assert found[0] == line
    assert found[1].startswith(reason)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "no rule; write at least one [[rule]] table"),
        (b"# nothing yet\n", 1, "no rule; write at least one [[rule]] table"),
        (b"rule = []\n", 1, "no rule; write at least one [[rule]] table"),
        (b"\n[rule]\nfeature = 'BILLING'\n", 2, "write every rule as a [[rule]] table of its own"),
        (b"\nrule = [{feature = 'BILLING'}]\n", 2, "write every rule as a [[rule]] table of its own"),
        (b"[[rule]]\nfeature = 'BILLING'\n# caf\xe9\n", 3, "not UTF-8"),
        (b"rule = " + b"[" * 5_000, 1, "not TOML: nested too deeply"),
        (b"[[rule]]\nlevel = " + b"9" * 5_000, 2, "not TOML: "),
    ],
)
def test_refuses_what_has_no_rules_to_read(content: bytes, line: int, reason: str) -> None:
    found = refusal(content)

    assert found[0] == line
    assert found[1].startswith(reason)


def test_is_not_misled_by_text_that_looks_like_a_rule() -> None:
    text = '[[rule]]\nfeature = """\n[[rule]]\nlevel = """\nlevel = "FULL"\n\n[[rule]]\nlevel = "X"\n'

    first = refusal(text)
    second = refusal(text.replace('"""\n[[rule]]\nlevel = """', '"BILLING"'))

    assert first[0] == 2
    assert first[1].startswith("unknown feature '[[rule]]\\nlevel = '")
    assert second == (5, "no feature")


def test_says_where_the_key_is_and_not_where_it_is_spoken_of() -> None:
    categories = '[\n  "SDWAN", # level = "FULL"\n  "MOBILE",\n]'
    text = f'[[rule]]\nfeature = "BILLING"\ncategories = {categories}\nlevel = "ALL"\n'

    assert refusal(text)[0] == 7
