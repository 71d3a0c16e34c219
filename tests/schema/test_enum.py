"""Enums: the sources' own, each value described."""

from enum import Enum

import pytest
from graphql import GraphQLEnumType

from auth.feature import ALWAYS
from schema.build import TYPES
from schema.enum import described, ordered
from sources.listing import Order


def test_refuses_an_enum_with_a_value_that_is_not_described() -> None:
    class Colour(Enum):
        RED = "RED"
        BLUE = "BLUE"

    with pytest.raises(ValueError, match=r"Colour: describe exactly \['BLUE', 'RED'\], not \['RED'\]"):
        described(Colour, "Colours.", ALWAYS, RED="Red.")


def test_refuses_a_description_of_a_value_that_there_is_none_of() -> None:
    class Colour(Enum):
        RED = "RED"

    with pytest.raises(ValueError, match=r"Colour: describe exactly \['RED'\], not \['BLUE', 'RED'\]"):
        described(Colour, "Colours.", ALWAYS, RED="Red.", BLUE="Blue.")


def test_gives_the_enum_back_as_it_was() -> None:
    class Colour(Enum):
        RED = "RED"

    assert described(Colour, "Colours.", ALWAYS, RED="Red.") is Colour


def test_refuses_an_order_by_a_column_that_is_not_described() -> None:
    class RowOrder(Order):
        NAME_ASC = "name"
        AGE_DESC = "-age"

    with pytest.raises(
        ValueError, match=r"RowOrder: say exactly what \['AGE', 'NAME'\] sort by, not \['NAME'\]"
    ):
        ordered(RowOrder, "rows", ALWAYS, NAME="name")


def test_refuses_words_for_a_column_that_nothing_is_ordered_by() -> None:
    class RowOrder(Order):
        NAME_ASC = "name"

    with pytest.raises(
        ValueError, match=r"RowOrder: say exactly what \['NAME'\] sort by, not \['AGE', 'NAME'\]"
    ):
        ordered(RowOrder, "rows", ALWAYS, NAME="name", AGE="age")


def test_says_of_an_order_what_sorts_and_in_which_direction() -> None:
    published = TYPES.type_map["SolutionOrder"]

    assert isinstance(published, GraphQLEnumType)
    assert published.description == "The orders of Solutions."
    assert {name: value.description for name, value in published.values.items()} == {
        "NAME_ASC": "By name, ascending.",
        "NAME_DESC": "By name, descending.",
        "ORDERED_ON_ASC": "By the day of the order, ascending.",
        "ORDERED_ON_DESC": "By the day of the order, descending.",
    }


def test_publishes_an_enum_under_another_name_where_one_is_given() -> None:
    assert isinstance(TYPES.type_map["CoverageState"], GraphQLEnumType)
    assert "State" not in TYPES.type_map
