"""What the operator sets of the systems that are not embedded, and what is wrong with it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from servicespace.hub import SHORTEST
from servicespace.toml_lines import Place
from servicespace.upstreams.api import APIS, ApiName, SystemName
from sources.http.settings import ApiSettings
from sources.ordering import Market
from sources.tmf.settings import ThingSettings

MarketName: TypeAlias = Literal["INTL", "FR", "all"]
"""The customers of which market a system is for."""


class Upstream(ApiSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One API of TM Forum's that a system is behind, for the customers of a market or for all.

    What is said of one market comes before what is said of all. ``things`` is which version it is of, and how
    it is asked for its things. ``hub_variable`` is the variable of the environment with the token that its
    hub's notifications have (``POST /hub/tmf/…``); without one it cannot notify. ``maintenance_words`` is for
    TMF655: a pattern of what the types of those changes are called that are maintenance, where an operator
    has words of its own.
    """

    system: SystemName
    api: ApiName
    things: ThingSettings = ThingSettings()
    market: MarketName = "all"
    hub_variable: str | None = None
    maintenance_words: str | None = None

    @property
    def name(self) -> str:
        """What an operator calls it: ``ticketing TMF621 INTL``."""
        return f"{self.system} {self.api}" + ("" if self.market == "all" else f" {self.market}")


class Secrets:
    """The secrets of the upstreams, each by the variable of the environment that holds it; never shown."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        """Keep *values*."""
        self._values: Final = dict(values or {})

    def of(self, upstream: Upstream) -> Mapping[str, str]:
        """Give the secrets that *upstream* needs."""
        return {each: self._values[each] for each in upstream.variables}

    def hub_token(self, upstream: Upstream) -> str | None:
        """Give the token of *upstream*'s hub, None where it cannot notify."""
        return None if upstream.hub_variable is None else self._values[upstream.hub_variable]


class Fault(NamedTuple):
    """What is wrong, and where in the settings."""

    place: Place
    reason: str


def secrets_of(upstreams: Iterable[Upstream], environment: Mapping[str, str]) -> Secrets:
    """Give the secrets of *upstreams* that are in *environment*."""
    named = {variable for each in upstreams for variable in (*each.variables, each.hub_variable) if variable}
    return Secrets({each: environment[each] for each in named & environment.keys()})


def faults(upstreams: Sequence[Upstream], environment: Mapping[str, str]) -> Iterator[Fault]:
    """Give all that is wrong with *upstreams* that each of them does not tell by itself."""
    for number, each in enumerate(upstreams):
        at = ("upstream", number)
        for place, reason in (*_of_one(each, environment), *_twice(each, upstreams[:number])):
            yield Fault((*at, *place), f"{titled(number, each.system, each.api)}: {reason}")
        for reason in _without(each, upstreams):
            yield Fault(at, f"{titled(number, each.system, each.api)}: {reason}")


def titled(number: int, system: object, api: object) -> str:
    """Give what an upstream is called where something is wrong with it; *number* is from 0."""
    return f"upstream {number + 1} ({system}, {api})"


def in_market(upstreams: Iterable[Upstream], system: SystemName, market: str) -> Mapping[ApiName, Upstream]:
    """Give what *system* is behind for the customers of *market*: nothing where it is embedded."""
    ours = [each for each in upstreams if each.system is system and each.market in ("all", market)]
    return {each.api: each for each in sorted(ours, key=_is_of_one_market)}


def _is_of_one_market(upstream: Upstream) -> bool:
    return upstream.market != "all"


def _of_one(upstream: Upstream, environment: Mapping[str, str]) -> Iterator[Fault]:
    facts = APIS[upstream.api]
    if facts.system is not upstream.system:
        yield Fault(("system",), f"{upstream.api} is an API of {facts.system}")
    version = upstream.things.version
    if version not in facts.versions:
        known = " and ".join(sorted(each.value for each in facts.versions))
        yield Fault(("things", "version"), f"{upstream.api} has no {version.value}, but {known}")
    if upstream.maintenance_words is not None:
        for reason in _wrong_words(upstream.api, upstream.maintenance_words):
            yield Fault(("maintenance_words",), reason)
    for each in sorted(upstream.variables):
        yield from _secret(("credentials",), each, environment.get(each))
    if upstream.hub_variable is not None:
        token = environment.get(upstream.hub_variable)
        yield from _secret(("hub_variable",), upstream.hub_variable, token)
        if token and len(token) < SHORTEST:
            reason = f"the token in {upstream.hub_variable} has fewer than {SHORTEST} characters"
            yield Fault(("hub_variable",), reason)


def _wrong_words(api: ApiName, words: str) -> Iterator[str]:
    if api is not ApiName.TMF655:
        yield f"{api} has no changes of which some are maintenance"
    try:
        if re.search(words, ""):
            yield "maintenance_words would take any change for maintenance"
    except re.error as error:
        yield f"maintenance_words is no pattern: {error}"


def _secret(place: Place, variable: str, value: str | None) -> Iterator[Fault]:
    if not value:
        yield Fault(place, f"its secret is missing: the environment has no {variable}")
    elif not value.isprintable():
        yield Fault(place, f"the secret in {variable} has what cannot be sent, maybe a line end")


def _twice(upstream: Upstream, before: Iterable[Upstream]) -> Iterator[Fault]:
    """Say where *upstream* is the second of its kind."""
    for each in before:
        if (each.system, each.api, each.market) == (upstream.system, upstream.api, upstream.market):
            whose = "all markets" if upstream.market == "all" else f"the market {upstream.market}"
            yield Fault((), f"{upstream.system} of {whose} has a {upstream.api} already")
            return


def _without(upstream: Upstream, upstreams: Sequence[Upstream]) -> Iterator[str]:
    """Name the APIs that its system needs beside *upstream*; where several lack them, only the first does."""
    if APIS[upstream.api].system is not upstream.system:
        return  # that is told already
    needed = {name for name, facts in APIS.items() if facts.system is upstream.system and facts.needed}
    lacking: dict[str, list[str]] = {}
    for market in (each.value for each in Market):
        behind = in_market(upstreams, upstream.system, market)
        missing = " and ".join(sorted(needed - behind.keys()))
        if missing and upstream is next((each for each in upstreams if each in behind.values()), None):
            lacking.setdefault(missing, []).append(market)
    for missing, markets in lacking.items():
        yield f"{upstream.system} needs {missing} beside it, for {' and '.join(markets)}"
