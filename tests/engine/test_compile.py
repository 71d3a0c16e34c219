from functools import partial
from types import CodeType
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString

from engine.document import Document
from engine.engine import Engine
from engine.field import RESOLUTION, Plain
from tests.engine.both import read
from tests.engine.plots import TYPES, Context, Plot, Said, Stone


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the texts of the functions that are made."""
    made: list[str] = []
    monkeypatch.setattr("engine.compile._code", partial(compiled, made))
    return made


def compiled(made: list[str], text: str) -> CodeType:
    made.append(text)
    return compile(text, "<plan>", "exec")


async def run(document: Document, root: object, engine: Engine | None = None) -> Any:  # noqa: ANN401 - data
    operation = document.operation(None)
    assert operation is not None
    found = await (engine or Engine(TYPES)).execute(document, operation, {}, Context(), root=root)
    assert found.errors is None
    return found.data


async def test_writes_nothing_of_a_client_into_its_functions(texts: list[str]) -> None:
    text = """
    query Intrusion {
      __import__: name
      os_system: label(text: "');__import__('os').system('x')#", filter: { names: ["evil_text"] })
      evil_key: next_many_plot { evil_key: name evil_plot: plot { evil_leaf: text } ...Evil }
    }
    fragment Evil on Plot { evil_thing: thing { ... on Stone { evil_weight: weight } } }
    """
    root = Plot(next_many_plot=[Plot(plot=Plot(), thing=Stone(weight=1.5))])

    data = await run(read(text), root)

    assert data["evil_key"][0]["evil_thing"] == {"evil_weight": 1.5}
    assert len(texts) == 3
    for client in ("evil", "import", "system", "Intrusion", "Evil"):
        assert client not in "".join(texts)


async def test_makes_only_the_functions_that_an_answer_needs(
    texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.compile._MOST_TYPES", 2)
    document = read(
        "{ kinds { name ... on Plot { label next_plot { label } } ... on Stone { weight } } label }"
    )
    engine = Engine(TYPES)

    await run(document, Plot(kinds=[Stone()]), engine)
    first = len(texts)
    await run(document, Plot(kinds=[Stone()]), engine)

    assert (first, len(texts)) == (4, 4)


async def test_answers_attributes_whose_names_are_no_names_in_python() -> None:
    names = ("class", "not_ascii_ß", "with space", "None", "fine")
    fields = {
        f"f{place}": GraphQLField(GraphQLString, extensions={RESOLUTION: Plain(name)})
        for place, name in enumerate(names)
    }
    types = GraphQLSchema(GraphQLObjectType("Query", fields))
    root = Plot(**{name: name.upper() for name in names})

    data = await run(read("{ f0 f1 f2 f3 f4 }", types), root, Engine(types))

    assert data == {"f0": "CLASS", "f1": "NOT_ASCII_SS", "f2": "WITH SPACE", "f3": "NONE", "f4": "FINE"}


async def test_takes_a_field_that_says_nothing_for_the_attribute_of_its_name() -> None:
    types = GraphQLSchema(GraphQLObjectType("Query", {"name": GraphQLField(GraphQLString)}))

    assert await run(read("{ name }", types), Plot(name="a"), Engine(types)) == {"name": "a"}


async def test_completes_lists_deeper_than_python_nests_loops() -> None:
    kind: Said = GraphQLInt
    value: Said = 1
    for _ in range(60):
        kind, value = GraphQLList(kind), [value]
    types = GraphQLSchema(GraphQLObjectType("Query", {"deep": GraphQLField(kind)}))

    assert await run(read("{ deep }", types), Plot(deep=value), Engine(types)) == {"deep": value}


async def test_completes_objects_deeper_than_python_nests_blocks(texts: list[str]) -> None:
    depth = 60
    root, found = Plot(name="end"), dict[str, Any](name="end")
    for _ in range(depth):
        root, found = Plot(many_plot=[root]), {"many_plot": [found]}

    data = await run(read("{" + "many_plot {" * depth + "name" + "}" * depth + "}"), root)

    assert data == found
    assert len(texts) == 9


async def test_answers_two_thousand_fields_of_one_object() -> None:
    keys = [f"a{place}" for place in range(2_000)]
    wide = GraphQLObjectType("Wide", {each: GraphQLField(GraphQLInt) for each in keys})
    types = GraphQLSchema(GraphQLObjectType("Query", {"wide": GraphQLField(wide)}))
    document = read(f"{{ wide {{ {' '.join(keys)} }} }}", types)
    values = {each: place for place, each in enumerate(keys)}

    assert await run(document, Plot(wide=Plot(**values)), Engine(types)) == {"wide": values}


def is_site(asked: list[object], value: object, _: object) -> bool:
    asked.append(value)
    return isinstance(value, Plot)


async def test_asks_whether_an_object_is_of_its_type_once_for_each_class() -> None:
    asked: list[object] = []
    fields = {"name": GraphQLField(GraphQLString)}
    site = GraphQLObjectType("Site", fields, is_type_of=partial(is_site, asked))
    types = GraphQLSchema(GraphQLObjectType("Query", {"sites": GraphQLField(GraphQLList(site))}))
    engine, document = Engine(types), read("{ sites { name } }", types)
    first = Plot(name="a")

    await run(document, Plot(sites=[first, Plot(name="b")]), engine)
    await run(document, Plot(sites=[Plot(name="c")]), engine)

    assert asked == [first]
