import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from weakref import ref

import pytest
from graphql import ExecutionResult

from engine.document import Document
from engine.engine import Compiled, Engine
from engine.field import Info
from engine.mask import Mask
from engine.plan import Plan
from engine.reference import WorkCancelledError
from tests.engine.both import brief, read
from tests.engine.plots import TYPES, Context, Hedge, Plot, Raise, Said, Stone, Weed


async def run(
    text: str, root: object, context: Context | None = None, *, engine: Engine | None = None, **options: Said
) -> ExecutionResult:
    document = read(text)
    operation = document.operation(None)
    assert operation is not None
    return await (engine or Engine(TYPES)).execute(
        document, operation, {}, context or Context(), root=root, **options
    )


async def test_asks_each_batch_once_for_all_parents_of_its_level() -> None:
    rows = [
        Plot(label="a", next_many_plot=[Plot(label="c"), Plot(label="d")]),
        Plot(label="b", next_many_plot=[Plot()]),
    ]
    context = Context()

    await run("{ next_many_plot { label next_many_plot { label } } }", Plot(next_many_plot=rows), context)

    assert context.calls == [
        (("next_many_plot",), 1),
        (("next_many_plot", "label"), 2),
        (("next_many_plot", "next_many_plot"), 2),
        (("next_many_plot", "next_many_plot", "label"), 3),
    ]


async def test_asks_batches_of_plain_objects_at_any_depth_together() -> None:
    rows = [
        Plot(plot=Plot(many_plot=[Plot(label=f"{row}{place}") for place in range(2)])) for row in range(3)
    ]
    context = Context()

    answer = await run("{ many_plot { plot { many_plot { label } } } }", Plot(many_plot=rows), context)

    assert context.calls == [(("many_plot", "plot", "many_plot", "label"), 6)]
    assert answer.data is not None
    assert answer.data["many_plot"][2] == {"plot": {"many_plot": [{"label": "20"}, {"label": "21"}]}}


@pytest.mark.parametrize("wrong", [None, []])
async def test_asks_each_batch_once_where_a_neighbour_does_not_serialize(wrong: object) -> None:
    rows = [Plot(named=Stone(kinds=[]), plot=Plot(), text=wrong) for _ in range(3)]
    context = Context()

    await run(
        """{ next_many_plot { named { kinds { name } } plot { label } text }
             many_thing { ... on Plot { label } } }""",
        Plot(next_many_plot=rows, many_thing=[Plot(), Weed()]),
        context,
    )

    assert sorted(context.calls) == [
        (("many_thing", "label"), 1),
        (("next_many_plot",), 1),
        (("next_many_plot", "named", "kinds"), 3),
        (("next_many_plot", "plot", "label"), 3),
    ]


async def test_leaves_parents_that_are_not_admitted_out_of_the_batch_and_closed_fields_out_of_the_run() -> (
    None
):
    context = Context()
    mask = Mask(closed=frozenset({"next_plot"}), partial=frozenset({"label", "must_label"}))
    rows = [Plot(name="a", label="A", must_label="A"), Plot(name="b", label="B", must_label="B")]

    await run(
        "{ next_plot { label } next_many_plot { label } many_plot { must_label } }",
        Plot(next_many_plot=rows, many_plot=[rows[1]]),
        context,
        mask=mask,
        admits=admits_a,
    )

    assert context.calls == [(("next_many_plot",), 1), (("next_many_plot", "label"), 1)]


def admits_a(_gate: object, parent: Said) -> bool:
    return bool(parent.name == "a")


async def selected(parents: Sequence[Plot], info: Info, **_: object) -> list[str]:
    said = (
        f"{type(info.context).__name__} {'.'.join(info.keys)} {info.selects('name')} {info.selects('text')}"
    )
    return [said for _ in parents]


async def test_tells_a_resolver_its_context_its_place_and_what_is_selected() -> None:
    answer = await run("{ plot { x: label } }", Plot(plot=Plot(batch_label=selected)))

    assert answer.data == {"plot": {"x": "Context plot.x False False"}}


class Gate:
    """Batches that wait for one another, and are known to be waiting or cancelled."""

    def __init__(self, expected: int = 3) -> None:
        self.expected = expected
        self.all_waiting = asyncio.Event()
        self.waiting: list[str] = []
        self.cancelled: list[str] = []
        self.open = asyncio.Event()

    async def __call__(self, parents: Sequence[Plot], info: Said, **_: object) -> list[str]:
        (key,) = info.keys
        self.waiting.append(key)
        if len(self.waiting) == self.expected:
            self.all_waiting.set()
        if len(self.waiting) == 3:
            self.open.set()
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(key)
            raise
        return [key for _ in parents]


THREE = "{ a: label b: label c: label }"


async def test_runs_sibling_batches_at_the_same_time() -> None:
    answer = await run(THREE, Plot(batch_label=Gate()))

    assert answer.data == {"a": "a", "b": "b", "c": "c"}


@pytest.mark.parametrize(("text", "keys"), [("{ a: label }", ["a"]), ("{ a: label b: label }", ["a", "b"])])
async def test_cancels_its_batches_when_it_is_cancelled(text: str, keys: list[str]) -> None:
    gate = Gate(len(keys))
    running = asyncio.create_task(run(text, Plot(batch_label=gate)))
    await gate.all_waiting.wait()

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(gate.cancelled) == keys


async def test_is_stopped_by_a_deadline_around_it() -> None:
    gate = Gate()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await run("{ a: label b: label }", Plot(batch_label=gate))

    assert sorted(gate.cancelled) == ["a", "b"]


async def cancelled_by_another(*_: object, **__: object) -> list[str]:
    raise asyncio.CancelledError


@pytest.mark.parametrize("text", ["{ label name }", "{ label name must_label }"])
async def test_loses_only_the_field_whose_work_another_cancelled(text: str) -> None:
    answer = await run(text, Plot(batch_label=cancelled_by_another, name="a", must_label="m"))

    assert answer.data is not None
    assert (answer.data["label"], answer.data["name"]) == (None, "a")
    assert [type(each.original_error) for each in answer.errors or ()] == [WorkCancelledError]


async def refused_by_another(*_: object, **__: object) -> list[str]:
    raise TimeoutError("the system did not answer in time")


async def test_loses_only_the_field_whose_source_passed_its_deadline() -> None:
    answer = await run(THREE, Plot(batch_label=refused_by_another, name="a"))

    assert answer.data == {"a": None, "b": None, "c": None}
    assert brief(answer)[1] == "the system did not answer in time @ b"


async def one_too_many(parents: Sequence[Plot], *_: object, **__: object) -> list[str]:
    return ["x"] * (len(parents) + 1)


async def test_loses_a_batch_of_the_wrong_length_for_all_its_parents_and_keeps_siblings() -> None:
    rows = [Plot(batch_label=one_too_many, must_label="m"), Plot(must_label="n")]

    answer = await run("{ next_many_plot { label must_label } }", Plot(next_many_plot=rows))

    assert answer.data == {
        "next_many_plot": [{"label": None, "must_label": "m"}, {"label": None, "must_label": "n"}]
    }
    said = "of_name was asked for 2 parents and did not give a value for each"
    assert brief(answer) == [f"{said} @ next_many_plot.{place}.label" for place in (0, 1)]


def named(name: str) -> Plot:
    kinds = [Hedge(name=name), Stone(name=name)]
    plot = Plot(label=name, must_label=None if name == "a" else name)
    return Plot(next_many_named=[Stone(name=name, kinds=kinds, next_plot=plot), Hedge(name=name)])


async def test_does_not_mix_two_runs_of_one_plan() -> None:
    engine = Engine(TYPES)
    text = "{ next_many_named { name kinds { name } ... on Stone { next_plot { label must_label } } } }"

    answers = await asyncio.gather(*(run(text, named(name), engine=engine) for name in "abcb"))

    for name, answer in zip("abcb", answers, strict=True):
        plot = None if name == "a" else {"label": name, "must_label": name}
        kinds = [{"name": name}, {"name": name}]
        assert answer.data == {
            "next_many_named": [
                {"name": name, "kinds": kinds, "next_plot": plot},
                {"name": name, "kinds": None},
            ]
        }
        assert len(answer.errors or ()) == (1 if name == "a" else 0)


class Failing(Plot):
    """Raises an error of its own each time, where it is asked for a text or for its type."""

    @property
    def text(self) -> str:
        raise ValueError("no")

    def get(self, name: str) -> Said:
        if name == "kin":
            raise ValueError("no")
        return super().get(name)


class FailingHedge(Hedge):
    """Raises an error of its own each time."""

    @property
    def height(self) -> int:
        raise ValueError("no")


HARMS: list[Callable[[], dict[str, Any]]] = [
    dict,
    lambda: {"text": []},
    lambda: {"plot": Failing()},
    lambda: {"text": ValueError("no")},
    lambda: {"must_text": None},
    lambda: {"every_living": [FailingHedge(), FailingHedge()]},
    lambda: {"named": Stone(weight="x")},
    lambda: {"named": Failing()},
    lambda: {"label": Raise(ValueError("no"))},
    lambda: {"batch_label": refused_by_another},
]


@pytest.mark.parametrize("harm", HARMS)
async def test_keeps_nothing_of_a_request_alive_after_it(harm: Callable[[], dict[str, Any]]) -> None:
    engine = Engine(TYPES)
    text = """{ next_many_plot { text must_text named { ... on Stone { weight } } label plot { text }
        every_living { height } } }"""
    row = Plot(**{"must_text": "m", "named": Stone(weight=1.0), "every_living": [], **harm()})
    kept = [ref(each) for each in (row, *row.said["every_living"])]
    gc.collect()
    gc.disable()
    try:
        answer = await run(text, Plot(next_many_plot=[row]), engine=engine)
        assert bool(answer.errors) is (harm is not dict)
        del answer, row
        await asyncio.sleep(0)  # what the loop has still to call back holds on to its task

        assert [each() for each in kept] == [None] * len(kept)
    finally:
        gc.enable()


async def test_forgets_the_plans_least_recently_used() -> None:
    engine = Engine(TYPES, max_plans=2)
    documents = [read(f"{{ {name} }}") for name in ("name", "text", "count")]
    compiled = [plan(engine, each) for each in documents[:2]]

    again = plan(engine, documents[0])
    plan(engine, documents[2])

    assert again is compiled[0]
    assert plan(engine, documents[0]) is compiled[0]
    assert plan(engine, documents[1]) is not compiled[1]


async def test_keeps_as_many_plans_as_have_few_enough_fields() -> None:
    engine = Engine(TYPES, max_fields=9)
    small, large = read("{ name }"), read("{ name text count size open day id shout label }")
    first = plan(engine, small)

    assert plan(engine, small) is first
    found = plan(engine, large)

    assert plan(engine, large) is found
    assert plan(engine, small) is not first


def plan(engine: Engine, document: Document, switches: Mapping[str, Any] | None = None) -> Compiled:
    operation = document.operation(None)
    assert operation is not None
    return engine.compiled(document, operation, switches or {}, Mask())


async def test_plans_once_for_each_mask_and_each_setting_of_the_switches() -> None:
    engine = Engine(TYPES)
    document = read("query ($a: Boolean!, $n: Int!) { name @skip(if: $a) label(times: $n) }")

    shown, hidden = (plan(engine, document, {"a": a, "n": 1}) for a in (False, True))

    assert shown is plan(engine, document, {"a": False, "n": 2})
    assert shown.plan is not None
    assert hidden.plan is not None
    assert [[each.key for each in one.plan.root.fields] for one in (shown, hidden) if one.plan] == [
        ["name", "label"],
        ["label"],
    ]


def annotate(noted: list[tuple[object, ...]], *told: object) -> str:
    noted.append(told)
    return "notes"


def hear(heard: list[tuple[object, int]], context: Context, notes: object) -> None:
    heard.append((notes, len(context.calls)))


async def test_tells_an_operation_what_was_noted_of_it_before_anything_runs() -> None:
    noted: list[tuple[object, ...]] = []
    heard: list[tuple[object, int]] = []
    engine, context = Engine(TYPES, annotate=partial(annotate, noted)), Context()
    mask = Mask(closed=frozenset({"label"}))
    text = "{ next_plot { name } ...F } fragment F on Query { label }"

    for _ in range(2):
        listen = partial(hear, heard, context)
        await run(text, Plot(), context, engine=engine, mask=mask, prepare=listen)

    ((planned, _, fragments, switches, told),) = noted
    assert isinstance(planned, Plan)
    assert isinstance(fragments, dict)
    assert ([*fragments], switches, told) == (["F"], {}, mask)
    assert heard == [("notes", 0), ("notes", 1)]


async def test_tells_an_operation_nothing_that_the_stock_executor_runs() -> None:
    heard: list[object] = []

    answer = await run("{ __schema { description } name }", Plot(name="a"), prepare=heard.append)

    assert answer.data == {"__schema": {"description": None}, "name": "a"}
    assert heard == []
