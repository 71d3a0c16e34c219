"""What the operator sets: one TOML file or none, and the environment, read here and nowhere else."""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, cast
from urllib.parse import urlsplit

import msgspec

from servicespace.identity.notices import PortalNotice
from servicespace.mail import MailSettings
from servicespace.store import StoreSettings
from servicespace.toml_lines import line_of, nearest_line, place_of
from servicespace.transport import networks
from servicespace.upstreams.settings import Fault, Secrets, Upstream, faults, secrets_of, titled
from sources.cache.settings import CacheSettings

DATABASE_FILE: Final = "servicespace.db"
PASSWORD_VARIABLE: Final = "SERVICESPACE_STORE_PASSWORD"  # noqa: S105 - the variable's name
MAIL_PASSWORD_VARIABLE: Final = "SERVICESPACE_MAIL_PASSWORD"  # noqa: S105 - the variable's name
VALKEY_VARIABLE: Final = "SERVICESPACE_VALKEY"

Algorithm: TypeAlias = Literal["ES256", "RS256", "PS256", "Ed25519", "EdDSA"]
"""How an operator's own provider may sign."""


class SettingsError(Exception):
    """A settings file that cannot be used; the message names the file and says what is wrong in it."""


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service is reached; ``origins`` are the web pages that may call it.

    ``proxies`` are the addresses or networks of our own proxies: what they say of a request's scheme and
    origin is believed. ``max_body_size`` is in bytes; ``body_seconds`` is how long a body may take to arrive.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    origins: Sequence[str] = ()
    proxies: Sequence[str] = ()
    max_body_size: int = 65_536
    body_seconds: float = 15.0

    def __post_init__(self) -> None:
        """Refuse proxies that are no addresses; raises ``ValueError``."""
        networks(self.proxies)


class TokenSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose access tokens are taken: ``iss`` and ``aud`` must be exactly these.

    With our own provider (``embedded``), ``issuer`` is the public address of the service. What follows
    ``provider`` is for an operator's own: where its keys are (``jwks``, or found by discovery), which claims
    say who a User is, ``customers`` for customers it calls by other names, and which algorithms and types
    (``typ``) of tokens are taken.
    """

    issuer: str = "https://servicespace.invalid"
    audience: str = "servicespace"
    provider: Literal["embedded", "outside"] = "embedded"
    jwks: str | None = None
    username_claim: str = "preferred_username"
    customer_claim: str = "customer"
    customers: Mapping[str, str] = {}
    algorithms: tuple[Algorithm, ...] = ("ES256", "RS256", "PS256")
    types: tuple[str, ...] = ("at+jwt",)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an operator can set.

    ``executor`` runs the operations: the engine, or graphql-core's own, slower, to compare.
    ``source_seconds`` is the deadline of one call to a system; ``coverage_seconds`` how old a customer's
    coverage may be, ``user_seconds`` a User, while the store's changes cannot be followed. ``grace_months``
    is for how long after the end of a Solution its bills and closed tickets stay readable.
    Without ``mail`` mails wait in the store. ``notice`` are the notices on the sign-in page.
    ``valkey`` is the URL of a Valkey through which replicas hear of changes at once; with PostgreSQL they do
    without one.
    """

    http: HttpSettings = HttpSettings()
    token: TokenSettings = TokenSettings()
    store: StoreSettings = StoreSettings()
    executor: Literal["engine", "reference"] = "engine"
    source_seconds: float = 2.0
    coverage_seconds: float = 1.0
    mail: MailSettings | None = None
    notice: Sequence[PortalNotice] = ()
    valkey: str | None = None
    grace_months: Annotated[int, msgspec.Meta(ge=0, le=1_200)] = 12
    user_seconds: float = 1.0
    upstream: Sequence[Upstream] = ()
    cache: CacheSettings = CacheSettings()
    secrets: Secrets = msgspec.field(default_factory=Secrets)


def in_folder(folder: Path) -> Settings:
    """Give the settings of an embedded store in *folder*, which is made where it is missing.

    Raises ``SettingsError`` where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be made: {error.strerror}") from error
    return at_port(Settings(store=StoreSettings(file=str(folder / DATABASE_FILE))), None)


def at_port(settings: Settings, port: int | None) -> Settings:
    """Give *settings* of a service on this machine, at *port* where one is given; its tokens are of there."""
    at = settings.http.port if port is None else port
    http = msgspec.structs.replace(settings.http, port=at)
    token = msgspec.structs.replace(settings.token, issuer=f"http://127.0.0.1:{at}")
    return msgspec.structs.replace(settings, http=http, token=token)


def is_safe(address: str) -> bool:
    """Tell whether nobody can listen on the way to *address*: it is https, or on this machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


def read_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings in *file*; passwords, secrets and Valkey's URL may come from the environment.

    Raises ``SettingsError`` where the file cannot be read, is no TOML, or says something that is no setting.
    """
    text = _text(file)
    try:
        settings = msgspec.toml.decode(text, type=Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise SettingsError(_told(file, text, _fault(text, error))) from error
    wrong = [*_faults(settings, environment), *faults(settings.upstream, environment)]
    if wrong:
        raise SettingsError("\n".join(_told(file, text, each) for each in wrong))
    return _with_secrets(settings, environment)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: cannot be read: not UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error


def _faults(settings: Settings, environment: Mapping[str, str]) -> Iterator[Fault]:
    """Give what does not fit together."""
    if (settings.store.host is None) is (settings.store.file is None):
        yield Fault(("store",), "[store] needs either `file` (SQLite) or `host` (PostgreSQL)")
    for key, address in (("issuer", settings.token.issuer), ("jwks", settings.token.jwks)):
        if address and not is_safe(address):
            reason = f"[token] {address} must be https, or http on this machine"
            yield Fault(("token", key), reason)
    if settings.cache.place == "valkey" and not (settings.valkey or environment.get(VALKEY_VARIABLE)):
        yield Fault(("cache", "place"), f"[cache] needs the setting valkey, or {VALKEY_VARIABLE}")


def _with_secrets(settings: Settings, environment: Mapping[str, str]) -> Settings:
    store, mail = settings.store, settings.mail
    if mail is not None:
        password = environment.get(MAIL_PASSWORD_VARIABLE, mail.password)
        mail = msgspec.structs.replace(mail, password=password)
    return msgspec.structs.replace(
        settings,
        mail=mail,
        store=msgspec.structs.replace(store, password=environment.get(PASSWORD_VARIABLE, store.password)),
        valkey=environment.get(VALKEY_VARIABLE, settings.valkey),
        secrets=secrets_of(settings.upstream, environment),
    )


def _fault(text: str, error: Exception) -> Fault:
    """Give what msgspec, or a check of one of the settings, says of *text*.

    A check of ours begins with the name of what is wrong.
    """
    said = str(error)
    place = place_of(said)
    key, _, _ = said.partition(" ")
    place = [*place, key] if line_of(text, [*place, key]) else place
    match place:
        case ["upstream", int() as number, *_]:
            system, api = (_written(text, number, each) for each in ("system", "api"))
            return Fault(place, f"{titled(number, system, api)}: {said}")
        case _:
            return Fault(place, said)


def _written(text: str, number: int, key: str) -> object:
    """Give what the upstream of that number has under *key*, a question mark where it has nothing."""
    written: object = tomllib.loads(text)["upstream"][number]
    return cast("Mapping[str, object]", written).get(key, "?") if isinstance(written, dict) else "?"


def _told(file: Path, text: str, fault: Fault) -> str:
    line = nearest_line(text, fault.place)
    return f"{file}:{line}: {fault.reason}" if line else f"{file}: {fault.reason}"
