"""``servicespace plan``."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from functools import update_wrapper
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Final

import typer

from auth.coverage import Coverage
from auth.viewer import Viewer
from engine.document import DocumentStore
from engine.explain import explain
from engine.field import Info
from engine.plan import Field
from loaders.operation import Systems
from resolvers.batch import BatchResolver
from resolvers.context import Context
from schema.build import TYPES
from schema.resolution import execute, make_engine, mask_of
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.settings import Settings
from servicespace.store import open_store
from servicespace.wiring import open_desk
from sources.keys import CustomerCode
from sources.scope import Scope

_ASKING: ContextVar[tuple[str, ...]] = ContextVar("_ASKING", default=())
"""Where in the answer the field is whose resolver runs."""

_DOCUMENT: Final = typer.Argument(metavar="FILE.graphql", exists=True, dir_okay=False, help="The operation.")


def plan(
    file: Annotated[Path, _DOCUMENT],
    user: Annotated[str, typer.Option(metavar="NAME", help="Who asks: coverage decides what is planned.")],
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Show how an operation is run: what is read off objects, what is got in batches, by which calls."""
    told = asyncio.run(_plan(settings_of(data, config), file.read_text(), user))
    if isinstance(told, str):
        err.print(told, style="red", markup=False)
        raise typer.Exit(1)
    for line in told:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


async def _plan(settings: Settings, text: str, username: str) -> list[str] | str:
    """Give the lines of the plan, or the sentence that says why there is none."""
    async with open_store(settings.store) as connection, open_desk(connection, settings) as desk:
        viewer = await desk.viewer(username)
        if viewer is None:
            return f"There is no active User {username!r} in this store."
        customer = CustomerCode(viewer.customer)
        coverage = await desk.coverage.of(customer)
        systems = desk.markets.of(desk.coverage.market(customer))
        return await _run(Recorder(), systems, viewer, coverage, text)


async def _run(
    recorder: "Recorder", systems: Systems, viewer: Viewer, coverage: Coverage, text: str
) -> list[str] | str:
    """Run the operation once, everything that it calls written down, and explain its plan."""
    document = DocumentStore(TYPES).get(text)
    operation = document.operation(None)
    if document.errors or operation is None:
        return "\n".join(str(each) for each in document.errors) or "The document needs exactly one operation."
    engine = make_engine(recorder.recording)
    context = Context(viewer, coverage, recorder.systems(systems))
    started = perf_counter()
    result = await execute(engine, document, operation, {}, context)
    milliseconds = (perf_counter() - started) * 1_000
    compiled = engine.compiled(document, operation, {}, mask_of(coverage)).plan
    if compiled is None:
        return "This operation is left to graphql-core's own executor: it has no plan."
    return [
        *(f"mask: {each}" for each in _mask(coverage)),
        *explain(compiled, recorder.remarks),
        f"cost: {recorder.cost} rows at most, in {recorder.calls} calls; this run took {milliseconds:.1f} ms",
        *(f"error: {each.message}" for each in result.errors or ()),
    ]


def _mask(coverage: Coverage) -> Sequence[str]:
    closed = ", ".join(sorted(each.value for each in coverage.closed))
    some = ", ".join(sorted(each.value for each in coverage.partial))
    return [f"closed {closed or 'nothing'}", f"open for some Solutions {some or 'nothing'}"]


@dataclass
class Recorder:
    """Writes down what each field of an operation asks for, and what the systems are asked for it."""

    asked: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    sources: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    cost: int = 0
    calls: int = 0

    def recording(self, resolve: BatchResolver) -> BatchResolver:
        """Give *resolve*, but written down."""
        return _Recorded(self, resolve)

    def systems(self, systems: Systems) -> Systems:
        """Give *systems*, but written down."""
        written: dict[str, Any] = {
            each.name: _System(self, each.name, getattr(systems, each.name)) for each in fields(systems)
        }
        return Systems(**written)

    def remarks(self, of: Field) -> Sequence[str]:
        """Give what was written down of a field."""
        calls = self.sources.get(of.keys, [])
        return [*self.asked.get(of.keys, []), *(f"calls {each}" for each in calls)]


class _Recorded:
    def __init__(self, recorder: Recorder, resolve: BatchResolver) -> None:
        self.recorder = recorder
        self.resolve = resolve
        update_wrapper(self, resolve)  # under the name of the resolver itself

    async def __call__(self, parents: Sequence[Any], info: Info, **arguments: Any) -> Sequence[Any]:  # noqa: ANN401 - any field's
        keys = tuple(info.keys)
        _ASKING.set(keys)
        listing = arguments.get("listing")
        most = len(parents) * (1 if listing is None else listing.window.limit)
        self.recorder.cost += most
        self.recorder.asked[keys].append(f"for {len(parents)}: {most} rows at most")
        return await self.resolve(parents, info, **arguments)


@dataclass(frozen=True)
class _System:
    recorder: Recorder
    name: str
    system: Any

    def __getattr__(self, method: str) -> "_Call":
        return _Call(self, method)


@dataclass(frozen=True)
class _Call:
    system: _System
    method: str

    async def __call__(
        self,
        scope: Scope,
        keys: Sequence[Any],
        *rest: Any,  # noqa: ANN401 - any method's
    ) -> Mapping[Any, Any]:
        recorder = self.system.recorder
        recorder.calls += 1
        recorder.sources[_ASKING.get()].append(f"{self.system.name}.{self.method} ({len(keys)} keys)")
        found: Mapping[Any, Any] = await getattr(self.system.system, self.method)(scope, keys, *rest)
        return found
