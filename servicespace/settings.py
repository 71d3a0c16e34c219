"""What the operator sets: one TOML file or none, and the environment, read here and nowhere else."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from servicespace.identity.notices import PortalNotice
from servicespace.mail import MailSettings
from servicespace.store import StoreSettings
from servicespace.transport import networks

DATABASE_FILE: Final = "servicespace.db"
PASSWORD_VARIABLE: Final = "SERVICESPACE_STORE_PASSWORD"  # noqa: S105 - the variable's name
MAIL_PASSWORD_VARIABLE: Final = "SERVICESPACE_MAIL_PASSWORD"  # noqa: S105 - the variable's name
VALKEY_VARIABLE: Final = "SERVICESPACE_VALKEY"


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
    """Whose access tokens are taken (RFC 9068): ``iss`` and ``aud`` must be exactly these."""

    issuer: str = "https://servicespace.invalid"
    audience: str = "servicespace"


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


def in_folder(folder: Path) -> Settings:
    """Give the settings of an embedded store in *folder*, which is made where it is missing.

    Raises ``SettingsError`` where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be made: {error.strerror}") from error
    return Settings(store=StoreSettings(file=str(folder / DATABASE_FILE)))


def read_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings in *file*; passwords and Valkey's URL may come from the environment.

    Raises ``SettingsError`` where the file cannot be read, is no TOML, or says something that is no setting.
    """
    try:
        settings = msgspec.toml.decode(file.read_bytes(), type=Settings)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from error
    if (settings.store.host is None) is (settings.store.file is None):
        raise SettingsError(f"{file}: [store] needs either `file` (SQLite) or `host` (PostgreSQL)")
    store, mail = settings.store, settings.mail
    if mail is not None:
        password = environment.get(MAIL_PASSWORD_VARIABLE, mail.password)
        mail = msgspec.structs.replace(mail, password=password)
    return msgspec.structs.replace(
        settings,
        mail=mail,
        store=msgspec.structs.replace(store, password=environment.get(PASSWORD_VARIABLE, store.password)),
        valkey=environment.get(VALKEY_VARIABLE, settings.valkey),
    )
