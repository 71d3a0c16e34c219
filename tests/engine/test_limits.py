from time import process_time

import pytest
from graphql import get_introspection_query, parse

from engine.document import DocumentStore
from engine.limits import LimitExceededError, Limits, check_limits
from tests.engine.types import TYPES

LIMITS = Limits()


def exceeded(text: str, limits: Limits = LIMITS) -> tuple[str, int, int]:
    with pytest.raises(LimitExceededError) as caught:
        check_limits(parse(text), limits)
    return caught.value.limit, caught.value.allowed, caught.value.found


def nested(depth: int) -> str:
    """Give a query whose innermost field is at that depth."""
    return "{" + "site{" * (depth - 1) + "name" + "}" * (depth - 1) + "}"


def chain(fragments: int, body: str) -> str:
    """Give a query on the first of a chain of fragments; in the body ``%d`` is the next one."""
    links = [f"fragment F{i} on Site {body.replace('%d', str(i + 1))}" for i in range(fragments - 1)]
    return "{ site { ...F0 } }" + "".join(links) + f"fragment F{fragments - 1} on Site {{ name }}"


def test_lets_a_document_of_the_last_allowed_depth_pass() -> None:
    check_limits(parse(nested(15)), LIMITS)

    assert exceeded(nested(16)) == ("depth", 15, 16)


def test_counts_the_depth_through_fragments_and_inline_fragments() -> None:
    text = (
        "{ site { ...A } } fragment A on Site { ... { site { name ...B } } }"
        "fragment B on Site { site { name } }"
    )

    check_limits(parse(text), Limits(depth=4))

    assert exceeded(text, Limits(depth=3)) == ("depth", 3, 4)


def test_counts_the_names_of_one_field_in_the_whole_document() -> None:
    thirty = " ".join(f"s{i}: name" for i in range(30))

    check_limits(parse(f"{{ site {{ {thirty} s0: name }} }}"), LIMITS)

    assert exceeded(f"{{ site {{ {thirty} name }} }}") == ("aliases", 30, 31)


def test_counts_root_fields_through_fragments_and_once_for_each_name() -> None:
    spread = (
        "{ ...A ... { count sites { name } } count } fragment A on Query { ...B count }"
        "fragment B on Query { site { name } }"
    )

    check_limits(parse(spread), Limits(root_fields=3))

    assert exceeded(spread, Limits(root_fields=2)) == ("root_fields", 2, 3)


def test_counts_the_fields_of_a_fragment_wherever_it_is_spread() -> None:
    text = "{ site { ...A site { ...A } } } fragment A on Site { name must }"

    check_limits(parse(text), Limits(fields=6))

    assert exceeded(text, Limits(fields=5)) == ("fields", 5, 6)


def test_counts_directives_wherever_they_may_stand() -> None:
    text = "query Q($a: Int @d) @d { site @d { ...A @d ... @d { name } } } fragment A on Site @d { name }"

    check_limits(parse(text), Limits(directives=6))

    assert exceeded(text, Limits(directives=5)) == ("directives", 5, 6)


def test_counts_operations_and_fragments() -> None:
    operations = "query A { count } query B { count }"
    fragments = "{ count } fragment A on Query { count } fragment B on Query { count }"

    assert exceeded(operations, Limits(operations=1)) == ("operations", 1, 2)
    assert exceeded(fragments, Limits(fragments=1)) == ("fragments", 1, 2)


def test_leaves_unknown_fragments_and_cycles_to_validation() -> None:
    text = "{ site { ...A ...Gone } } fragment A on Site { name ...B ...A } fragment B on Site { must ...A }"

    check_limits(parse(text), LIMITS)


def test_ignores_definitions_that_are_not_executed() -> None:
    check_limits(parse("{ count } type Extra { name: String }"), LIMITS)


def test_lets_the_standard_introspection_query_pass_with_all_its_options() -> None:
    text = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        experimental_directive_deprecation=True,
        one_of=True,
    )

    document = DocumentStore(TYPES).get(text)

    assert document.errors == ()


ABUSE = {
    "chain that doubles": chain(150, "{ ...F%d ...F%d }"),
    "chain that doubles in depth": chain(150, "{ a: site { ...F%d } b: site { ...F%d } }"),
    "everything spreads everything": "{ count }"
    + " ".join(f"fragment F{i} on Query {{ {' '.join(f'...F{j}' for j in range(40))} }}" for i in range(40)),
    "5,000 aliases": "{" + " ".join(f"a{i}: count" for i in range(5_000)) + "}",
    "1,300 aliases": "{" + " ".join(f"a{i}: count" for i in range(1_300)) + "}",
    "3,000 repeats": "{" + "count " * 3_000 + "}",
    "900 repeats of an object": "{" + "site{name} " * 900 + "}",
    "900 repeats nested": "{" + "site{site{name}} " * 560 + "}",
    "5 MB comment": "#" + "x" * 5_000_000 + "\n{ count }",
    "30,000 comments": "#\n" * 30_000 + "{ count }",
    "nested fields": nested(190),
    "nested 10,000 deep": nested(10_000),
    "nested inline fragments": "{" + "...{" * 1_300 + "count" + "}" * 1_300 + "}",
    "nested lists": "{ at(states: " + "[" * 1_900 + "]" * 1_900 + ") }",
    "440 fragments": "{"
    + " ".join(f"...F{i}" for i in range(440))
    + "}"
    + " ".join(f"fragment F{i} on Query {{ count }}" for i in range(440)),
    "2,000 operations": " ".join(f"query Q{i} {{ count }}" for i in range(2_000)),
    "600 directives": "{ count " + "@skip(if: true) " * 600 + "}",
    "3,900 unknown fields": "{" + " ".join(f"z{i}" for i in range(3_900)) + "}",
}


@pytest.mark.parametrize("text", ABUSE.values(), ids=ABUSE.keys())
def test_refuses_a_hostile_document_soon(text: str) -> None:
    started = process_time()

    document = DocumentStore(TYPES).get(text)

    assert document.errors
    assert process_time() - started < 1.5
