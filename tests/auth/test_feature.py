from auth.feature import DESCRIPTIONS, NEVER_GATED, Feature


def test_has_the_rows_of_the_matrix_each_named_by_its_value() -> None:
    names = [each.name for each in Feature]

    assert names == [each.value for each in Feature]
    assert len(names) == 21


def test_describes_every_feature_in_one_sentence() -> None:
    assert list(DESCRIPTIONS) == list(Feature)
    assert [each for each in Feature if not each.description.endswith(".")] == []
    assert Feature.BILLING.description == "See and download invoices and credit notes by billing account."


def test_never_gates_what_a_customer_without_solutions_needs() -> None:
    assert {each.value for each in NEVER_GATED} == {
        "CONTACTS",
        "ACCOUNT_SETTINGS",
        "ONLINE_HELP",
        "PORTAL_NOTICES",
    }
