"""What an e-mail address is that mail can be sent to: a dot-atom at a host name, in ASCII (RFC 5322)."""

import re
from typing import Final

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=[^@]{{1,64}}@.{{1,185}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_ENCODED: Final = "=?"
"""What begins an encoded word (RFC 2047): in a header it would be read as another address."""


def is_address(text: str) -> bool:
    """Tell whether *text* is an e-mail address; a domain with other letters is written as ``xn--…``."""
    return _ENCODED not in text and _ADDRESS.fullmatch(text) is not None
