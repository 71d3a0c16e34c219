"""What rights and scopes leave closed."""

import pytest

from auth.coverage import Reason
from auth.feature import ADMINISTRATION, Detail, Feature, Full
from auth.right import SECTIONS, Rights, Role, Section, denied, everywhere
from auth.scope import FEATURES, allowed_roles

ALL = everywhere(Role.MANAGER, administrator=True)


def test_who_may_do_all_is_denied_nothing() -> None:
    assert denied(ALL) == {}


def test_who_has_no_role_is_denied_every_feature_of_a_section() -> None:
    found = denied(Rights())

    assert {each for each in Feature if each in found} == set(SECTIONS)
    assert found[ADMINISTRATION] is Reason.ROLE


@pytest.mark.parametrize(
    ("role", "open_to"),
    [
        (Role.NONE, []),
        (Role.VISITOR, [Feature.BILLING]),
        (Role.READER, [Feature.BILLING, Detail(Feature.BILLING)]),
        (Role.CONTRIBUTOR, [Feature.BILLING, Detail(Feature.BILLING), Full(Feature.BILLING)]),
        (Role.MANAGER, [Feature.BILLING, Detail(Feature.BILLING), Full(Feature.BILLING)]),
    ],
)
def test_each_role_opens_what_those_before_it_open(role: Role, open_to: list[object]) -> None:
    found = denied(Rights(roles={Section.BILLING: role}))

    gates = (Feature.BILLING, Detail(Feature.BILLING), Full(Feature.BILLING))
    assert [each for each in gates if each not in found] == open_to


def test_no_scope_of_a_partner_has_administration() -> None:
    scopes = " ".join(FEATURES)

    assert denied(ALL, allowed_roles(scopes)) == {ADMINISTRATION: Reason.SCOPE}


def test_a_scope_that_only_reads_changes_nothing() -> None:
    found = denied(ALL, allowed_roles("billing:readonly"))

    assert Feature.BILLING not in found
    assert found[Full(Feature.BILLING)] is Reason.SCOPE
    assert found[Feature.INCIDENTS] is Reason.SCOPE
    assert found[Feature.ACCOUNT_SETTINGS] is Reason.SCOPE
