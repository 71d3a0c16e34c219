"""Where a system may be called: over https, or on this machine; and below its base URL only."""

import re
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_ESCAPED: Final = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})+")
_NOWHERE: Final = frozenset({"", ".", ".."})


def check_address(address: str) -> None:
    """Refuse an address that secrets must not be sent to; raises ``ValueError``, which never repeats it."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise ValueError("is no URL") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds credentials: name them under `credentials`")
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("must be an https URL")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must be https: http is for this machine only")
    if parts.query or parts.fragment or re.search(r"[\s\x00-\x1f\\]", address):
        raise ValueError("must end with its path: no query, no fragment, no blanks")


def leads_nowhere(path: str) -> bool:
    """Tell whether an escaped *path* has a segment that is empty or made of dots, as hostile ids make them.

    A server would take such a path for another one, above or beside it: ``ticket/`` lists all tickets.
    Raises ``ValueError`` where *path* is not escaped.
    """
    if not _ESCAPED.fullmatch(path):
        raise ValueError("a path must be escaped")
    return any(each.replace("%2E", ".").replace("%2e", ".") in _NOWHERE for each in path.split("/"))
