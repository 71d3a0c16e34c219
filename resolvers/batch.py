"""From one parent at a time, as the stock executor resolves, to all parents of a field at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from engine.execute import one_each
from loaders.loader import Loader
from resolvers.context import Info

BatchResolver: TypeAlias = Callable[..., Awaitable[Sequence[Any]]]
"""Takes the parents, the info and the field's arguments; gives each its value, or an exception, in order."""


Reading = TypeVar("Reading", bound=Callable[..., Any])


def reads(*attributes: str) -> Callable[[Reading], Reading]:
    """Declare of a function that it looks at *attributes* of a parent only: no others need be fetched."""

    def declare(function: Reading) -> Reading:
        vars(function)["reads"] = frozenset(attributes)
        return function

    return declare


def reads_of(function: Callable[..., Any]) -> frozenset[str] | None:
    """Give the attributes that *function* declares to look at, None where it declares nothing."""
    return getattr(function, "reads", None)


class ParentLoader(Loader[int, Any]):
    """One field of an operation, for all of its parents."""

    def __init__(self, resolve: BatchResolver, info: Info, arguments: Mapping[str, Any]) -> None:
        """Resolve by *resolve* with the field's *arguments*."""
        super().__init__()
        self._resolve = resolve
        self._info = info
        self._arguments = arguments
        self.parents: dict[int, Any] = {}

    def missing(self, key: int) -> Any:  # noqa: ANN401 - never happens
        """Fail: ``fetch`` leaves no parent out."""
        raise KeyError(key)

    async def fetch(self, keys: Sequence[int]) -> Mapping[int, Any]:
        """Give each parent's value; raises ``BatchLengthError`` where their number is wrong."""
        parents = [self.parents[key] for key in keys]
        values = await self._resolve(parents, self._info, **self._arguments)
        return dict(zip(keys, one_each(self._resolve, parents, values), strict=True))


async def resolve_one(
    resolve: BatchResolver,
    parent: object,
    info: Info,
    nodes: Sequence[object],
    arguments: Callable[[], Mapping[str, Any]],
) -> Any:  # noqa: ANN401 - whatever the field gives
    """Give the value of *parent*, resolved together with all other parents of this field.

    *nodes* are where the document asks for the field, by which one field is told from another. *arguments*
    is called for the first parent only: the arguments of a field are the same for all.
    """
    batches = info.context.batches
    key = (resolve, *map(id, nodes))
    if key not in batches:
        batches[key] = ParentLoader(resolve, info, arguments())
    loader: ParentLoader = batches[key]
    loader.parents[id(parent)] = parent
    return await loader.load(id(parent))
