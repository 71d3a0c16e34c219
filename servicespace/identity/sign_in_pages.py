"""What the OpenID provider asks of the sign-in pages."""

from collections.abc import Mapping
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from auth.signed_in import SignedIn


class SignInPages(Protocol):
    """Who is signed in with a browser, and where it signs in."""

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Give the User whose browser sent *request*; None for nobody, or nobody any more."""
        ...

    def sign_in_url(self, back_to: str, *, again: bool = False) -> str:
        """Give the local address of the page to sign in, which leads on to *back_to*, a local one too.

        *again* has those sign in, too, who are signed in already.
        """
        ...

    def form_token(self, request: Request) -> str:
        """Give what a form of this browser's session has to send along as ``form_token``."""
        ...

    def check_form(self, request: Request, form: Mapping[str, str]) -> bool:
        """Tell whether *form* was sent by a page of ours, in this browser's session."""
        ...

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the session of this browser, and have *response* take its cookie away."""
        ...
