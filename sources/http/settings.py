"""What an operator sets for one API of one system."""

import re
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta

from sources.http.address import check_address

Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=600)]
Share: TypeAlias = Annotated[float, Meta(gt=0, le=1)]

_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")  # RFC 9110 section 5.6.2
_TAKEN: Final = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "host"}
)
"""Headers that the client sets itself; an API key in ``Authorization`` would hide a token."""


class NoCredentials(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="none"
):
    """The system lets everybody in who reaches it."""


class ApiKey(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="api-key"
):
    """A key that is sent with every call.

    ``header`` is the name of the header that it is sent in, ``variable`` the name of the environment variable
    that holds it.
    """

    variable: str
    header: str = "X-Api-Key"

    def __post_init__(self) -> None:
        """Refuse what is no header, or one of the client's own; raises ``ValueError``."""
        if not _HEADER.fullmatch(self.header) or self.header.lower() in _TAKEN:
            raise ValueError(f"an API key cannot be sent in the header {self.header!r}")


class OAuth2(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="oauth2"
):
    """Tokens by client credentials (RFC 6749 section 4.4).

    ``token_url`` is the token endpoint, ``client_id`` who we are there, ``variable`` the name of the
    environment variable that holds the client's secret. ``scope`` is asked for where one is given.
    ``in_body`` sends id and secret in the form instead of by HTTP Basic, which servers must understand
    (section 2.3.1). ``api_key`` is a key that is sent besides the token, as Orange's APIs demand.
    """

    token_url: str
    client_id: str
    variable: str
    scope: str | None = None
    in_body: bool = False
    api_key: ApiKey | None = None

    def __post_init__(self) -> None:
        """Refuse a token endpoint that secrets must not be sent to; raises ``ValueError``."""
        try:
            check_address(self.token_url)
        except ValueError as error:
            raise ValueError(f"token_url {error}") from None


Credentials: TypeAlias = NoCredentials | ApiKey | OAuth2
"""How we prove who we are."""


class BreakerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a system that fails is left alone, and how soon it is tried again.

    Calls of the last ``window_seconds`` are counted. Once there are ``calls`` of them, the breaker opens
    where ``failed`` is the share of those that failed, or ``slow`` the share of those that failed or took
    longer than ``slow_seconds`` (by default three quarters of the deadline). From then on one call goes out
    every ``probe_seconds``; one that goes well and in time closes it.

    Half of the calls failing is a system in trouble; a system that is slow still gives answers, so
    nearly all must be.
    """

    window_seconds: Seconds = 30.0
    calls: Annotated[int, Meta(ge=1, le=10_000)] = 10
    failed: Share = 0.5
    slow: Share = 0.9
    slow_seconds: Seconds | None = None
    probe_seconds: Seconds = 5.0


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One API of one system.

    ``system`` is the system's name, as clients are told it where it fails; ``url`` the base URL, which all
    paths are below. ``seconds`` is the deadline of a whole call: waiting, tokens, retries and the body.
    ``connections`` is how many calls are under way at once; others wait ``waiting_seconds`` at most.
    ``retries`` is how often a read is tried again after a failure that may pass, as long as the API's
    retries stay below a tenth of its calls; what hangs until the deadline is not. ``most_bytes`` is how long
    a body may be, unpacked. ``hedge`` asks a second time where an answer takes longer than 95 % of the latest
    ones took, and takes whichever is first; such a second call counts as a retry.
    """

    system: str
    url: str
    seconds: Seconds = 2.0
    waiting_seconds: Seconds = 1.0
    connections: Annotated[int, Meta(ge=1, le=1_000)] = 8
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    most_bytes: Annotated[int, Meta(ge=1)] = 16 * 1024 * 1024
    hedge: bool = False
    breaker: BreakerSettings = BreakerSettings()
    credentials: Credentials = NoCredentials()

    def __post_init__(self) -> None:
        """Refuse a base URL that secrets must not be sent to, and a breaker that nothing could open.

        Raises ``ValueError``. A call that hangs ends with the deadline, and speaks against its system by how
        long it took.
        """
        try:
            check_address(self.url)
        except ValueError as error:
            raise ValueError(f"url {error}") from None
        if self.breaker.slow_seconds is not None and self.breaker.slow_seconds >= self.seconds:
            raise ValueError(
                "breaker.slow_seconds must be less than seconds, or what hangs is never left alone"
            )

    @property
    def base(self) -> str:
        """The base URL with a slash at its end."""
        return f"{self.url.rstrip('/')}/"

    @property
    def variables(self) -> frozenset[str]:
        """The names of the environment variables whose secrets the ``HttpApi`` is to be given."""
        match self.credentials:
            case ApiKey(variable=variable):
                return frozenset({variable})
            case OAuth2(variable=variable, api_key=key):
                return frozenset({variable} if key is None else {variable, key.variable})
            case NoCredentials():
                return frozenset()

    @property
    def slow_seconds(self) -> float:
        """How long a call may take before it counts as slow."""
        return self.breaker.slow_seconds or 0.75 * self.seconds
