from auth.feature import Feature
from auth.right import Role
from auth.scope import SCOPES, allowed_roles, bounded, joined, within


def test_each_feature_has_a_pair_of_scopes() -> None:
    assert {"incidents", "incidents:readonly", "report-enhanced-ip"} <= set(SCOPES)
    assert len(SCOPES) == len(set(SCOPES)) == 5 + 2 * len(Feature)


def test_a_scope_allows_its_feature_and_no_other() -> None:
    roles = allowed_roles("openid billing incidents:readonly")

    assert roles[Feature.BILLING] is Role.MANAGER
    assert roles[Feature.INCIDENTS] is Role.READER
    assert {feature for feature, role in roles.items() if role is not Role.NONE} == {
        Feature.BILLING,
        Feature.INCIDENTS,
    }


def test_portal_allows_all_that_the_user_may_do() -> None:
    assert set(allowed_roles("portal").values()) == {Role.MANAGER}


def test_nothing_allows_nothing() -> None:
    assert set(allowed_roles("").values()) == {Role.NONE}
    assert set(allowed_roles("openid Billing billing:write").values()) == {Role.NONE}


def test_to_read_is_within_the_whole_and_not_the_other_way_round() -> None:
    assert within("billing:readonly", ["billing"])
    assert not within("billing", ["billing:readonly"])
    assert not within("openid:write", ["openid"])


def test_gives_what_both_allow() -> None:
    both = bounded(
        ["openid", "billing", "incidents:readonly"], ["billing:readonly", "incidents", "inventory"]
    )

    assert joined(both) == "openid billing:readonly incidents:readonly"
    assert bounded(["billing"], ["billing"]) == ("billing",)
