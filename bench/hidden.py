"""What is done before a system is asked, and in place of asking it: the real schema over the database."""

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from msgspec.structs import replace

from auth.coverage import Coverage, FeatureCoverage, Reason, State
from auth.feature import Feature
from auth.right import Role, everywhere
from auth.rules import Level
from auth.viewer import CustomerCode, TokenId, UserId, Viewer
from bench.adapter import Ours
from bench.figures import Figure, measured
from bench.place import Place
from bench.query import DASHBOARD, HIDDEN
from bench.settings import settings_of
from bench.shape import Shape
from loaders.operation import Systems
from resolvers.context import Context
from schema.build import TYPES
from servicespace.store import open_store
from servicespace.systems import embedded

_TIMES = 1_000


async def figures(place: Place, shape: Shape) -> list[Figure]:
    """Measure over the database of *place*."""
    settings = settings_of(place)
    async with open_store(settings.store) as connection:
        systems = embedded(connection, settings)
        viewer = _viewer(shape.code(0))
        return [await _before_the_first_call(systems, viewer), *await _hidden(systems, viewer)]


async def _before_the_first_call(systems: Systems, viewer: Viewer) -> Figure:
    ours, coverage = Ours(TYPES), _coverage()  # which a server keeps as well
    times: list[float] = []
    for number in range(_TIMES):
        watched = _Asked(_Empty())
        context = Context(viewer, coverage, _with(systems, ordering=watched))
        start = perf_counter()
        await ours.ask(DASHBOARD, context)
        if number:  # the first time the document is new
            times.append((watched.asked[0] - start) * 1_000_000)
    return measured("work before the first call to a system, known document", times, "µs", 60)


async def _hidden(systems: Systems, viewer: Viewer) -> list[Figure]:
    """Ask 1,000 components for maintenance that no Solution covers."""
    watched = _Asked(systems.maintenance)
    context = Context(viewer, _coverage(Feature.MAINTENANCE), _with(systems, maintenance=watched))
    data = await Ours(TYPES).ask(HIDDEN, context)  # raises where there are errors
    rows = [row for each in data["solutions"]["nodes"] for row in each["components"]["nodes"]]
    told: Any = context.extensions().get("coverage", {})
    return [
        measured(f"hidden below {len(rows):,} rows: calls to its system", [len(watched.asked)], "", 0),
        measured(f"hidden below {len(rows):,} rows: notices", [len(told.get("hidden", ()))], "", 1),
    ]


class _Empty:
    """A system that knows nothing: the work before it is asked is the same, and no answer comes between."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method of the system
        return _nothing


async def _nothing(*_: object) -> dict[str, object]:
    return {}


class _Asked:
    """A system whose methods are noted when they are called, not when they are looked up."""

    def __init__(self, system: object) -> None:
        self._system = system
        self.asked: list[float] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method of the system
        method = getattr(self._system, name)

        async def noted(*arguments: object) -> object:
            self.asked.append(perf_counter())
            return await method(*arguments)

        return noted


def _with(systems: Systems, **others: Any) -> Systems:  # noqa: ANN401 - stands in for a system
    named: dict[str, Any] = {name: getattr(systems, name) for name in Systems.__slots__}
    return Systems(**{**named, **others})


def _viewer(code: str) -> Viewer:
    return Viewer(
        user_id=UserId(1),
        username=code,
        email="",
        customer=CustomerCode(code),
        accounts=None,
        locations=None,
        solutions=None,
        rights=everywhere(Role.MANAGER),
        token_id=TokenId(""),
        expires_at=datetime.now(UTC),
    )


def _coverage(*closed: Feature) -> Coverage:
    """Give a coverage of everything but the features *closed*."""
    whole = FeatureCoverage(
        feature=Feature.BILLING,
        state=State.ALL,
        level=Level.FULL,
        solutions=frozenset(),
        reason=None,
        covered_by=(),
    )
    none = replace(whole, state=State.NONE, level=Level.NONE, reason=Reason.NOT_ORDERED)
    return Coverage("0", {each: replace(none if each in closed else whole, feature=each) for each in Feature})
