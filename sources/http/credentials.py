"""How a call proves who we are: the headers that it is sent with, and where new ones come from."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from aiohttp import ClientSession

from sources.http.settings import ApiKey, ApiSettings, NoCredentials, OAuth2
from sources.http.token import Tokens

Headers: TypeAlias = Mapping[str, str]


class Proof(Protocol):
    """What shows a system who we are."""

    async def headers(self) -> Headers:
        """Give the headers to send; raises ``SourceError`` where there are none to be had."""
        ...

    def refused(self, headers: Headers) -> bool:
        """Take note that the system refused *headers*, and tell whether others may do better."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...


class Fixed:
    """Headers that are always the same: a key, or none."""

    def __init__(self, headers: Headers) -> None:
        """Send *headers*."""
        self._headers = headers

    async def headers(self) -> Headers:
        """Give them."""
        return self._headers

    def refused(self, headers: Headers) -> bool:
        """Tell that there are no others."""
        return headers is not self._headers

    async def close(self) -> None:
        """Do nothing."""


def proof(
    settings: ApiSettings,
    secrets: Mapping[str, str],
    session: ClientSession,
    clock: Callable[[], float],
) -> Proof:
    """Make what *settings* name; *secrets* are by the names of their variables."""
    match settings.credentials:
        case NoCredentials():
            return Fixed({})
        case ApiKey() as key:
            return Fixed({key.header: secrets[key.variable]})
        case OAuth2(api_key=key) as client:
            besides = {} if key is None else {key.header: secrets[key.variable]}
            return Tokens(settings, client, secrets[client.variable], besides, session, clock)
