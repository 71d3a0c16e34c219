"""What the provider answers, before it is HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from auth.client import Client

NO_STORE: Final[Mapping[str, str]] = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""No answer of the provider is kept by anybody (RFC 6749 section 5.1)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client is answered: JSON."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the browser to *location*: an address that the client registered, with a code or an error."""

    location: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Tell the User that it goes no further: there is no address that may be told."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Have the User sign in first, even one who is signed in."""

    back_to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Consent:
    """Ask the User whether *client* may have *scopes*."""

    client: Client
    scopes: Sequence[str]
    redirect_uri: str


Outcome: TypeAlias = Redirect | Refusal | SignIn | Consent
"""What becomes of a request for authorization."""


def refused(error: str, description: str, status: int = 400) -> Answer:
    """Give an error of RFC 6749 section 5.2."""
    return Answer(status, {"error": error, "error_description": description}, NO_STORE)


def unknown_client(*, challenge: bool = True) -> Answer:
    """Give the answer to who does not prove to be a client: the same whether there is one of that id."""
    headers = {**NO_STORE, "WWW-Authenticate": 'Basic realm="servicespace"'} if challenge else NO_STORE
    body = {"error": "invalid_client", "error_description": "The client cannot be authenticated."}
    return Answer(401, body, headers)
