"""From rows of the database to records: one generated expression for each kind of record.

Columns are given by position to records that allow that (docs/decisions/0032): of more than fifteen names
Python makes a dict for every row.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from inspect import Parameter, signature
from types import UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin

import msgspec

from sources.record import R
from sources.statement import Dialect, Sqlite

Decode: TypeAlias = Callable[[Iterable[Sequence[Any]]], list[R]]
"""Makes records of rows whose columns come in the order of the record's fields."""

_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])


def decoder(record: type[R], dialect: Dialect, skip: int = 0) -> Decode[R]:
    """Give the function that makes a *record* of each row; *skip* columns of a row come before its own."""
    names: dict[str, Any] = {"record": record}
    columns = [f"_{place}" for place in range(skip)]
    arguments: list[str] = []
    began: list[str] = []
    parameters = signature(record).parameters
    for field in msgspec.structs.fields(record):
        columns.append(column := f"c_{field.name}")
        read = _reader(field.type, dialect)
        if isinstance(read, msgspec.json.Decoder):
            names[f"once_{field.name}"] = partial(_Once, read.decode)
            began.append(f"by_{field.name} = once_{field.name}()")
            column = f"by_{field.name}[{column}]"
        elif isinstance(read, dict):
            names[f"by_{field.name}"] = read
            column = f"by_{field.name}[{column}]"
        elif read is not None:
            names[f"read_{field.name}"] = read
            column = f"read_{field.name}({column})"
        named = parameters[field.name].kind is Parameter.KEYWORD_ONLY
        arguments.append(f"{field.name}={column}" if named else column)
    # Only the names of our own fields are in the text.
    gave = f"return [record({', '.join(arguments)}) for {', '.join(columns)} in rows]"
    source = f"def decode(rows): {'; '.join([*began, gave])}"
    exec(source, names)  # noqa: S102 - see above
    decode: Decode[R] = names["decode"]
    return decode


class _Once(dict[str, Any]):
    """What each text of one answer says, read once: a row has the same one under each of its parents."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:  # noqa: ANN401 - what the text says
        value = self[text] = self._read(text)
        return value


def _reader(
    kind: Any,  # noqa: ANN401 - any field's type
    dialect: Dialect,
) -> Callable[[Any], Any] | msgspec.json.Decoder[Any] | dict[Any, Any] | None:
    """Give what makes a field of what the driver gives, or a field for all it may give; None if it is one."""
    plain = _plain(kind)
    readers: dict[object, Callable[[Any], Any]] = {Decimal: _decimal}
    if isinstance(dialect, Sqlite):
        readers |= {datetime: _datetime, date: _date, bool: _bool}
    if plain in readers:
        return readers[plain]
    if get_origin(plain) is tuple:
        return _texts if _plain(get_args(plain)[0]) is str else msgspec.json.Decoder(plain)
    if isinstance(plain, type) and issubclass(plain, Enum):
        members: dict[object, Any] = {each.value: each for each in plain}
        return {**members, None: None}
    return None


def _plain(kind: Any) -> Any:  # noqa: ANN401 - any field's type
    """Give the type without its None, and what a NewType stands for."""
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    return getattr(kind, "__supertype__", kind)


def _texts(value: str) -> tuple[str, ...]:
    return () if value == "[]" else _TEXTS.decode(value)


def _decimal(value: str | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value).normalize()


def _datetime(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)
