import pytest
from graphql import GraphQLSyntaxError

from engine.document import Document, DocumentStore
from engine.inputs import InputError
from engine.limits import LimitExceededError, Limits
from tests.engine.types import TYPES


@pytest.fixture
def documents() -> DocumentStore:
    return DocumentStore(TYPES)


def limit_of(document: Document) -> tuple[str, int, int]:
    error = document.errors[0].original_error
    assert isinstance(error, LimitExceededError)
    return error.limit, error.allowed, error.found


def test_gives_a_valid_document_without_errors(documents: DocumentStore) -> None:
    document = documents.get(
        "query Count { count } fragment F on Query { count }".replace("{ count } f", "{ ...F } f")
    )

    assert document.errors == ()
    assert document.ast is not None
    assert list(document.operations) == ["Count"]


def test_reads_a_document_once(documents: DocumentStore) -> None:
    first = documents.get("{ count }")

    assert documents.get("{ count }") is first
    assert (
        first.key == "ef1eac4ed4ad3de0e0cf8d2f4a4dd7d1b8a0ad4a0d4e0d6f9c7f7e1bb6c5f3b1"
        or len(first.key) == 64
    )


def test_remembers_wrong_documents_too(documents: DocumentStore) -> None:
    assert documents.get("{") is documents.get("{")


def test_tells_a_document_that_does_not_parse(documents: DocumentStore) -> None:
    document = documents.get("{ count")

    assert document.ast is None
    assert [type(each) for each in document.errors] == [GraphQLSyntaxError]
    assert document.operations == {}


def test_tells_a_document_that_is_not_valid_and_keeps_its_operations(documents: DocumentStore) -> None:
    document = documents.get("mutation Gone { gone }")

    assert [each.message for each in document.errors] == ["Cannot query field 'gone' on type 'Mutation'."]
    assert list(document.operations) == ["Gone"]


def test_keeps_no_frames_alive_with_an_error(documents: DocumentStore) -> None:
    texts = ["{", "{ gone }", "{ count " + "@skip(if: true) " * 300 + "}"]

    assert [documents.get(text).errors[0].__traceback__ for text in texts] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "limits", "found"),
    [
        ("{ count }", Limits(source_characters=8), ("source_characters", 8, 9)),
        ("{ count }", Limits(tokens=2), ("tokens", 2, 3)),
        ("#\n#\n{ count }", Limits(comments=1), ("comments", 1, 2)),
        ("{ count }", Limits(depth=0), ("depth", 0, 1)),
        ("{ count count count }", Limits(comparisons=3), ("comparisons", 3, 4)),
    ],
)
def test_tells_a_document_that_is_too_large(text: str, limits: Limits, found: tuple[str, int, int]) -> None:
    document = DocumentStore(TYPES, limits).get(text)

    assert limit_of(document) == found


def test_says_of_a_large_document_which_limit_it_is_over() -> None:
    document = DocumentStore(TYPES, Limits(root_fields=1)).get("{ count sites { name } }")

    assert document.errors[0].message == "The document is over the limit for root fields: 1."


def test_keeps_the_errors_where_there_are_too_many_of_them(documents: DocumentStore) -> None:
    document = documents.get("{ site {" + " ".join(f"z{i}" for i in range(150)) + "} }")

    assert len(document.errors) == 101


def test_forgets_the_least_recently_asked_document() -> None:
    documents = DocumentStore(TYPES, max_documents=2)
    first, second = documents.get("{ a: count }"), documents.get("{ b: count }")

    documents.get("{ a: count }")
    documents.get("{ c: count }")

    assert len(documents) == 2
    assert documents.get("{ a: count }") is first
    assert documents.get("{ b: count }") is not second


def test_holds_no_more_text_than_allowed() -> None:
    documents = DocumentStore(TYPES, max_bytes=25)

    documents.get("{ a: count }")
    documents.get("{ b: count }")
    documents.get("{ c: count }")

    assert len(documents) == 2


def test_finds_the_only_operation_without_a_name(documents: DocumentStore) -> None:
    anonymous, named = documents.get("{ count }"), documents.get("query A { count }")
    several = documents.get("query A { count } query B { count }")

    assert anonymous.operation(None) is anonymous.operations[None]
    assert named.operation(None) is named.operations["A"]
    assert several.operation(None) is None


def test_finds_an_operation_by_its_name(documents: DocumentStore) -> None:
    document = documents.get("query A { count } query B { count }")

    assert document.operation("B") is document.operations["B"]
    assert document.operation("C") is None
    assert documents.get("{ count }").operation("A") is None


@pytest.mark.parametrize(
    ("text", "path", "rule"),
    [
        ("{ count(state: GONE) }", ["state"], "State"),
        ("{ count(first: 1.5) }", ["first"], "Int!"),
        ("{ count(first: 99999999999) }", ["first"], "Int!"),
        ("{ count(filter: { state: [OPEN, GONE] }) }", ["filter", "state", 1], "State!"),
        (
            "{ count(filter: { inner: { inner: { number: true } } }) }",
            ["filter", "inner", "inner", "number"],
            "Int!",
        ),
        ("{ count(filter: { state: GONE }) }", ["filter", "state"], "[State!]"),
        ("{ count(filter: { gone: 1 }) }", ["filter"], "Filter"),
        ("{ at(states: [[OPEN, GONE]]) }", ["states", 0, 1], "State!"),
        ("query ($s: State = GONE) { count(state: $s) }", ["s"], "State"),
        ("{ count @skip(if: 3) }", ["if"], "Boolean!"),
    ],
)
def test_says_where_a_literal_breaks_which_rule(
    documents: DocumentStore, text: str, path: list[str | int], rule: str
) -> None:
    (error,) = documents.get(text).errors

    assert isinstance(error, InputError)
    assert (error.input_path, error.rule) == (path, f"must be a value of type {rule}")


def test_takes_text_with_a_lone_surrogate_for_what_it_is(documents: DocumentStore) -> None:
    assert [type(each) for each in documents.get("{ \ud800 }").errors] == [GraphQLSyntaxError]
