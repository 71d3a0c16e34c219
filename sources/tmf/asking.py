"""How things are asked for by their ids: paths and queries, however hostile an id is."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from sources.tmf import KEY_LENGTH
from sources.tmf.settings import Strategy

_LONGEST: Final = 3_000
"""How many characters the ids in one URL may have, escaped: a URL stays below 4 kB."""

_QUOTED: Final = frozenset("'\"\\")
"""What cannot stand in a text of JSONPath without an escape that not every system knows."""


def askable(ids: Collection[str]) -> list[str]:
    """Give those of *ids*, each once, that a thing can have and that change nothing else in a URL.

    Left out are what is too long, blank, or no printable text, and the steps of a path, ``.`` and ``..``.
    """
    return [each for each in dict.fromkeys(ids) if _askable(each)]


def path_of(collection: str, own: str) -> str:
    """Give the path of the thing with the id *own*."""
    return f"{collection}/{quote(own, safe='')}"


def apart(ids: Collection[str], strategy: Strategy) -> tuple[list[str], list[str]]:
    """Give the ids that *strategy* can ask for together, and those that must be asked for one by one."""
    if strategy is Strategy.COMMA_OR:
        return [each for each in ids if "," not in each], [each for each in ids if "," in each]
    if strategy is Strategy.JSONPATH:
        return [each for each in ids if _QUOTED.isdisjoint(each)], [
            each for each in ids if not _QUOTED.isdisjoint(each)
        ]
    return [], list(ids)


def chunks(ids: Sequence[str], most: int, strategy: Strategy = Strategy.COMMA_OR) -> Iterator[list[str]]:
    """Give *ids* by as many as one URL can ask for, *most* at the most."""
    around = len(quote("@.id=='' || ", safe="")) if strategy is Strategy.JSONPATH else len("%2C")
    chunk: list[str] = []
    length = 0
    for each in ids:
        longer = len(quote(each, safe="")) + around
        if chunk and (len(chunk) == most or length + longer > _LONGEST):
            yield chunk
            chunk, length = [], 0
        chunk.append(each)
        length += longer
    if chunk:
        yield chunk


def query_for(ids: Sequence[str], strategy: Strategy) -> tuple[str, str]:
    """Give the parameter, not yet escaped, that asks for *ids*, which *strategy* can ask for together."""
    if strategy is Strategy.JSONPATH:
        alternatives = " || ".join(f"@.id=='{each}'" for each in ids)
        return "filter", f"$[?({alternatives})]"
    return "id", ",".join(ids)


def _askable(own: str) -> bool:
    return 0 < len(own) <= KEY_LENGTH and not own.isspace() and own.isprintable() and own not in {".", ".."}
