"""Pages read straight from the bytes, where they are as the specifications say.

First with their times as times, which is a third of the work of reading them later; where one is not as
RFC 3339 has it (without seconds, without an hour), with the texts.

A page that is not (keys in odd case, a value of another kind, a row without an id) is read row by row, each
for itself, as ``sources.tmf.page`` does; what comes out is the same.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import (
    Any,
    Final,
    ForwardRef,
    TypeGuard,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from sources.tmf import Ref, Time, TmfError, key
from sources.tmf.page import Reader, Things, read_each

W = TypeVar("W", bound=Ref)
S = TypeVar("S", bound=msgspec.Struct)

_NUL: Final = b"\\u0000"
"""A text with NUL in it makes its row a broken one."""

_KEY: Final = re.compile(rb'"([^"\\]+)"\s*:')
_LOOKED_AT: Final = 4_096
"""How many bytes at either end of a page are looked at for keys in odd case: all of it costs more than to
decode it, and a system spells the keys of all its rows alike."""


def reader(wire: type[W], read: Callable[[Mapping[str, Any]], W]) -> Reader[W]:
    """Give what reads pages of *wire*; ``read`` reads one thing whose keys are in lower case."""
    names = _names(wire)
    decoders = [_decoder(spelt(wire, times)) for times in (datetime, str)]
    return partial(_read, decoders, read, {each.lower(): each for each in names})


def _decoder(kind: type[W]) -> msgspec.json.Decoder[list[W]]:
    rows: Any = types.GenericAlias(list, (kind,))
    return msgspec.json.Decoder(rows, float_hook=Decimal)


def _read(
    decoders: Sequence[msgspec.json.Decoder[list[W]]],
    read: Callable[[Mapping[str, Any]], W],
    names: Mapping[bytes, bytes],
    content: bytes,
) -> Things[W]:
    if (b"\\" in content and _NUL in content) or _is_odd(content, names):
        return read_each(content, read)
    for decoder in decoders:
        try:
            rows = decoder.decode(content)
            for each in rows:
                key(each.id)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, TmfError):
            continue
        return Things(rows, len(rows))
    return read_each(content, read)


def _is_odd(content: bytes, names: Mapping[bytes, bytes]) -> bool:
    ends = content if len(content) <= 2 * _LOOKED_AT else content[:_LOOKED_AT] + content[-_LOOKED_AT:]
    return any(names.get(each.lower(), each) != each for each in set(_KEY.findall(ends)))


def _names(wire: type[msgspec.Struct]) -> set[bytes]:
    """Give the keys of *wire* and of all that is in it, as they are spelt."""
    return {
        _spelling(field.name, field.encode_name).encode()
        for each in _within(wire)
        for field in msgspec.structs.fields(each)
    }


def spelt(wire: type[S], times: type = str) -> type[S]:
    """Give *wire* with its keys as the specifications spell them, ``@referredType``, at any depth.

    Its times are read as *times*.
    What kinds are made of one another (a product of products), so they name one another, as attributes.
    """
    made = {each: _made(each, times) for each in _within(wire)}
    for each in made.values():
        for other in made.values():
            setattr(each, _own_name(other), other)
    return cast("type[S]", made[wire])


def _made(wire: type[msgspec.Struct], times: type) -> type[msgspec.Struct]:
    hints = get_type_hints(wire, include_extras=True)
    own = [
        (
            each.name,
            _spelt(hints[each.name], times),
            msgspec.field(name=_spelling(each.name, each.encode_name), default=each.default),
        )
        for each in msgspec.structs.fields(wire)
    ]
    return msgspec.defstruct(wire.__name__, own, bases=(wire,), frozen=True, kw_only=True, gc=False)


def _spelt(kind: Any, times: type) -> Any:  # noqa: ANN401 - an annotation
    if kind is Time:
        return times
    around: Any = get_origin(kind)
    if around is None:
        return ForwardRef(_own_name(kind)) if _is_struct(kind) else kind
    inner = tuple(_spelt(each, times) for each in get_args(kind))
    return Union[inner] if around in {Union, types.UnionType} else around[inner]  # noqa: UP007 - of a tuple


def _own_name(wire: type[msgspec.Struct]) -> str:
    return f"Own{wire.__name__}"


def _within(wire: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """Give *wire* and all kinds that are in it, at any depth."""
    found = [wire]
    for each in found:
        for kind in get_type_hints(each).values():
            found += [inner for inner in _structs(kind) if inner not in found]
    return found


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401 - an annotation
    if _is_struct(kind):
        yield kind
    for each in get_args(kind):
        yield from _structs(each)


def _is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _spelling(name: str, sent: str) -> str:
    """Give the key of the column *name*, which is *sent* in lower case."""
    at, words = sent.startswith("@"), name.removeprefix("at_").split("_")
    camel = words[0] + "".join(each.title() for each in words[1:])
    spelling = f"@{camel}" if at else camel
    return spelling if spelling.lower() == sent else sent
