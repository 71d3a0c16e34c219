"""What TM Forum's APIs, versions 4 and 5, say alike in all systems: JSON, references, times, words, amounts.

Official samples break the specifications: keys in odd case, times without a zone or without seconds, ids as
numbers, one thing where a list belongs. All of that is read; hrefs never are.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NewType, TypeAlias, TypeVar, cast

import msgspec

from sources.money import Money, minor_units

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
N = TypeVar("N", bound=Enum | None)
W = TypeVar("W", bound="Wire")
F = TypeVar("F", bound="Ref")

Id: TypeAlias = str | int
"""An identifier as it is sent."""

if TYPE_CHECKING:
    Time: TypeAlias = str | datetime
else:  # msgspec takes no union of the two
    Time = NewType("Time", str)
"""A time: the text that is sent, or what that says (``sources.tmf.fast``)."""

Wording: TypeAlias = Sequence[tuple[str, E]]
"""What upstreams' own words mean: patterns with their meaning, the first that is found counts."""

KEY_LENGTH: Final = 128
"""How long an identifier may be: the keys of the stores hold no more."""

NAME_LENGTH: Final = 500
"""How long a name may be: lists are sorted by it, and an index of PostgreSQL holds 2,700 bytes."""

_MOST: Final = 10**15
"""No amount, in major units, is as large: what is larger is a mistake, and too large for the stores."""

_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?\s*([Zz]|[+-]\d\d:?\d\d)?)?"
)
_USUAL: Final = frozenset(f"--T::{after}" for after in ("", ".", "Z", "+", "-"))
"""What stands between the numbers of 2020-01-31T07:34:45, and after them."""

_OPEN_END: Final = 9999
_HUMPS: Final = re.compile(r"([a-z])([A-Z])")
_APART: Final = re.compile(r"[\W_]+")
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


class TmfError(ValueError):
    """Something of TM Forum's that cannot be taken in; the message says why."""


def _sent_name(name: str) -> str:
    return name.replace("_", "")


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename=_sent_name):
    """A thing as it is sent, its keys in lower case; what is missing is None."""


class Ref(Wire, frozen=True, kw_only=True):
    """A reference to a thing of this or another API."""

    at_type: str | None = msgspec.field(name="@type", default=None)
    at_referred_type: str | None = msgspec.field(name="@referredtype", default=None)
    id: Id | None = None
    name: str | None = None


class Related(Ref, frozen=True, kw_only=True):
    """A reference with a role: flat in version 4, in version 5 around the reference."""

    role: str | None = None
    entity: Ref | None = None
    place: Ref | None = None
    party_or_party_role: Ref | None = None

    @property
    def target(self) -> Ref:
        """The reference itself."""
        return self.entity or self.place or self.party_or_party_role or self


class Owned(Ref, frozen=True, kw_only=True):
    """A thing that says whose it is: the parties that it is related to, each in a role."""

    related_party: Related | list[Related | None] | None = None


class Period(Wire, frozen=True, kw_only=True):
    """A time period."""

    start_date_time: str | None = None
    end_date_time: str | None = None


class Amount(Wire, frozen=True, kw_only=True):
    """An amount of money in major units; the specifications call it a float."""

    unit: str | None = None
    value: Decimal | None = None


class Characteristic(Wire, frozen=True, kw_only=True):
    """A named value."""

    name: str | None = None
    value: Any = None


class ExternalIdentifier(Wire, frozen=True, kw_only=True):
    """An identifier in another system (version 5; version 4 has the text ``externalId``)."""

    id: Id | None = None


def items(content: bytes) -> list[bytes]:
    """Give the things in a file, each as its own JSON: those of an array, or the one object.

    Raises ``TmfError`` where the file is no JSON in UTF-8.
    """
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not content:
        raise TmfError("the file is empty")
    try:
        content.decode()
        if content.startswith(b"["):
            return [bytes(each) for each in msgspec.json.decode(content, type=list[msgspec.Raw])]
        return [bytes(msgspec.json.decode(content, type=msgspec.Raw))]
    except UnicodeDecodeError as error:
        raise TmfError(f"not UTF-8: byte {error.start} cannot be read") from error
    except RecursionError as error:
        raise TmfError("nested too deep") from error
    except msgspec.MsgspecError as error:
        raise TmfError(f"not JSON: {str(error).removeprefix('JSON is malformed: ')}") from error


def decode(content: bytes) -> dict[str, Any]:
    """Give one thing with its keys in lower case and its fractions as Decimals.

    Raises ``TmfError`` where it is no object, or one that cannot be kept.
    """
    try:
        found = _lowered(_DECODER.decode(content))
    except RecursionError as error:
        raise TmfError("nested too deep") from error
    except msgspec.MsgspecError as error:
        raise TmfError(f"not JSON: {str(error).removeprefix('JSON is malformed: ')}") from error
    if not isinstance(found, dict):
        raise TmfError("not an object")
    return cast("dict[str, Any]", found)


def convert(thing: Mapping[str, Any], wire: type[W]) -> W:
    """Give *thing* as *wire*; raises ``TmfError`` where a value is not of its kind."""
    try:
        return msgspec.convert(thing, wire)
    except msgspec.ValidationError as error:
        raise TmfError(str(error)) from error
    except RecursionError as error:
        raise TmfError("nested too deep") from error


def identified(thing: Mapping[str, Any], wire: type[F]) -> F:
    """Give *thing*, which has an id, as *wire*; raises ``TmfError`` as ``convert`` and ``key`` do."""
    found = convert(thing, wire)
    key(found.id)
    return found


def many(value: T | list[T | None] | None) -> list[T]:
    """Give what is sent as a list, as one thing, or not at all, as a list."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [value]
    several: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - T could be a list itself
    for each in several:  # "None in several" would ask each thing whether it equals None
        if each is None:
            return [one for one in several if one is not None]
    return several


def optional_key(value: Id | None) -> str | None:
    """Give an identifier as text, None where there is none; raises ``TmfError`` where it is too long."""
    if value is None:
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if len(text) > KEY_LENGTH:
        raise TmfError(f"the id {text[:20]}… has more than {KEY_LENGTH} characters")
    return text or None


def key(value: Id | None) -> str:
    """Give an identifier as text; raises ``TmfError`` where there is none."""
    if isinstance(value, str) and (usual := value.strip()) and len(usual) <= KEY_LENGTH:
        return usual
    text = optional_key(value)
    if text is None:
        raise TmfError("has no id")
    return text


def label(*texts: str | None) -> str:
    """Give the first of *texts* that says something; raises ``TmfError`` where it is too long for a name."""
    text = next((each.strip() for each in texts if each and each.strip()), "")
    if len(text) > NAME_LENGTH:
        raise TmfError(f"the name {text[:20]}… has more than {NAME_LENGTH} characters")
    return text


def moment(time: Time | None) -> datetime | None:
    """Give a time in UTC, one without a zone as if it were UTC; None where there is none, or an open end.

    To the nearest microsecond. Raises ``TmfError`` where it is no time.
    """
    if time is None:
        return None
    local = _read(time) if isinstance(time, str) else time
    if local is None or local.year == _OPEN_END:
        return None
    if local.tzinfo is UTC:
        return local
    try:
        return local.astimezone(UTC) if local.tzinfo else local.replace(tzinfo=UTC)
    except OverflowError as error:
        raise TmfError(f"{local.isoformat()} in UTC is no time") from error


def _read(text: str) -> datetime | None:
    if text[4:20:3] in _USUAL and not text[26:27].isdigit():  # Python reads it in a hundredth of the time
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return _local(text)


@lru_cache(maxsize=4_000)
def day(text: str | None) -> date | None:
    """Give the day of a time, in the zone that it is said in; None and errors as with ``moment``."""
    local = _local(text)
    return None if local is None else local.date()


def days(period: Period | None) -> tuple[date | None, date | None]:
    """Give the first and the last day of *period*; an end at midnight is the end of the day before."""
    return (None, None) if period is None else _days(period.start_date_time, period.end_date_time)


@lru_cache(maxsize=4_000)
def _days(first: str | None, end_: str | None) -> tuple[date | None, date | None]:
    start, end = _local(first), _local(end_)
    last = None if end is None else end.date()
    if end is not None and len((end_ or "").strip()) > len("2020-01-31"):
        last = (end - timedelta(microseconds=1)).date() if end.year > 1 else end.date()
    if start is not None and last is not None and last < start.date():
        last = start.date()
    return None if start is None else start.date(), last


@lru_cache(maxsize=2_000)
def fold(text: str) -> str:
    """Give *text* without its case, blanks and punctuation: ``In-Progress`` and ``inProgress `` are one."""
    return "".join(each for each in text.casefold() if each.isalnum())


def matched(text: str | None, members: Iterable[E], also: Mapping[str, E], otherwise: E) -> E:
    """Give the member that *text* names, by its own name or by the folded one in *also*."""
    folded = fold(text or "")
    return next((each for each in members if fold(each.name) == folded), also.get(folded, otherwise))


def meant(texts: Iterable[str | None], wording: Wording[E], otherwise: N) -> E | N:
    """Give what the first of *texts* that any pattern of *wording* is found in means."""
    for text in texts:
        said = words(text or "")
        for pattern, meaning in wording:
            if re.search(rf"\b(?:{pattern})\b", said):
                return meaning
    return otherwise


def words(text: str) -> str:
    """Give *text* as patterns of a ``Wording`` are over it: its words in lower case, a blank between two."""
    return _APART.sub(" ", _HUMPS.sub(r"\1 \2", text)).casefold()


def money(amount: Amount | None) -> Money | None:
    """Give *amount* in minor units, None where it or a part of it is missing.

    Raises ``TmfError`` where it is no amount, or its unit no currency.
    """
    if amount is None or amount.value is None or not amount.unit:
        return None
    currency, value = _currency(amount.unit), amount.value
    if not value.is_finite() or value.copy_abs() >= _MOST:
        raise TmfError(f"{str(value)[:20]} is no amount")
    return Money(minor_units(value, currency), currency)


@lru_cache(maxsize=500)
def _currency(unit: str) -> str:
    currency = unit.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise TmfError(f"{unit!r} is no currency of ISO 4217")
    return currency


def fraction(rate: Decimal | None) -> Decimal | None:
    """Give a rate of tax as a fraction: what is greater than 1 is a percentage (samples have 0.25 and 20).

    Raises ``TmfError`` where it is no rate.
    """
    if rate is None:
        return None
    if not rate.is_finite() or not 0 <= rate <= 100:  # noqa: PLR2004 - per cent
        raise TmfError(f"{str(rate)[:20]} is no rate of tax")
    return round(rate / 100 if rate > 1 else rate, 9)


def named(characteristics: Iterable[Characteristic]) -> dict[str, Any]:
    """Give the values of *characteristics* by their folded names."""
    return {fold(each.name): each.value for each in characteristics if each.name}


def _local(text: str | None) -> datetime | None:
    if text is None or not text.strip():
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise TmfError(f"{text[:40]!r} is no time")
    year, month, day_, hour, minute, second, fraction_, zone = found.groups()
    if int(year) == _OPEN_END:
        return None
    # ISO 8601: a fraction is of the last unit that is said, so 08:00.5 is half a minute past eight
    share = Decimal(f"0.{fraction_ or 0}") * (1 if second else 60)
    try:
        base = datetime(
            int(year),
            int(month),
            int(day_),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=_zone(zone),
        )
        return base + timedelta(microseconds=(int(share * 10_000_000) + 5) // 10)
    except (ValueError, OverflowError) as error:
        raise TmfError(f"{text[:40]!r} is no time") from error


def _zone(text: str | None) -> timezone:
    if not text or text in "Zz":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _lowered(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        things = cast("dict[str, Any]", value)
        return {_kept(name).lower(): _lowered(each) for name, each in things.items()}
    if isinstance(value, list):
        several = cast("list[object]", value)
        return [_lowered(each) for each in several]
    return _kept(value) if isinstance(value, str) else value


def _kept(text: str) -> str:
    if "\0" in text:
        raise TmfError("a text holds the character NUL")
    return text
