"""Who of the systems behind us may notify of what changed."""

from collections.abc import Mapping, Sequence

from servicespace.hub import Listener
from servicespace.upstreams.api import APIS
from servicespace.upstreams.settings import Secrets, Upstream


def listeners(upstreams: Sequence[Upstream], secrets: Secrets) -> Mapping[str, Listener]:
    """Give what listens to each system that can notify, by its name: in all markets together.

    A notification makes us ask again, and nothing else: it does not matter which market's it is.
    """
    tokens: dict[str, list[str]] = {}
    things: dict[str, list[str]] = {}
    for each in upstreams:
        token = secrets.hub_token(each)
        if token is not None:
            facts = APIS[each.api]
            tokens.setdefault(each.system.value, []).append(token)
            things.setdefault(each.system.value, []).extend((facts.collection, *facts.also))
    return {system: Listener(tokens[system], frozenset(things[system])) for system in tokens}
