"""Who is signed in with a browser: what the sign-in pages tell the OpenID provider."""

import msgspec

from auth.viewer import CustomerCode


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A User with a session of a browser.

    ``session`` names the session, and is no secret; ``at`` is when the User signed in, in seconds since 1970;
    ``methods`` are how, as RFC 8176 names them: "pwd", and "otp" with a second factor.
    """

    session: str
    username: str
    customer: CustomerCode
    at: int
    methods: tuple[str, ...]
