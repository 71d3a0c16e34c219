"""A browser with a User signed in, and a client that it goes to: what the tests of the provider play."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from httpx2 import Response
from starlette.requests import Request
from starlette.responses import Response as Sent
from starlette.testclient import TestClient

from auth.signed_in import SignedIn
from auth.viewer import CustomerCode

CALLBACK = "https://app.example/callback"
FORM_TOKEN = "sent by a page of ours"


@dataclass
class Pages:
    """Sign-in pages that know who is signed in by the cookie ``who``, a username."""

    at: int
    ended: set[str] = field(default_factory=set[str])

    async def signed_in(self, request: Request) -> SignedIn | None:
        username = request.cookies.get("who")
        if not username or username in self.ended:
            return None
        return SignedIn(
            session=f"session of {username}",
            username=username,
            customer=CustomerCode(username),
            at=self.at,
            methods=("pwd", "otp"),
        )

    def sign_in_url(self, back_to: str, *, again: bool = False) -> str:
        return f"/sign-in?{urlencode({'next': back_to})}"

    def form_token(self, request: Request) -> str:
        return FORM_TOKEN

    def check_form(self, request: Request, form: Mapping[str, str]) -> bool:
        return form.get("form_token") == FORM_TOKEN

    async def sign_out(self, request: Request, response: Sent) -> None:
        self.ended.add(request.cookies["who"])
        response.delete_cookie("who")


@dataclass
class Application:
    """A client of the provider: what it asks, and the verifier that it keeps."""

    client: TestClient
    id: str
    secret: str | None = None
    callback: str = CALLBACK
    verifier: str = field(default_factory=lambda: token_urlsafe(32))

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def authorize(self, who: str | None = "acme", **changes: str | None) -> Response:
        """Send the browser of *who* to the provider; *changes* alter the request, None leaves one out."""
        parameters = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.callback,
            "scope": "openid portal offline_access",
            "state": "st&te",
            "nonce": "once",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        query = urlencode({name: value for name, value in parameters.items() if value is not None})
        return self.client.get(f"/oauth/authorize?{query}", headers=cookie(who), follow_redirects=False)

    def code(self, who: str = "acme", **changes: str | None) -> str:
        return redirected(self.authorize(who, **changes))["code"]

    def exchange(self, code: str, **changes: str | None) -> Response:
        return self.token(
            grant_type="authorization_code",
            code=code,
            **{"redirect_uri": self.callback, "code_verifier": self.verifier, **changes},
        )

    def tokens(self, who: str = "acme", **changes: str | None) -> dict[str, Any]:
        response = self.exchange(self.code(who, **changes))
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def refresh(self, token: str, **changes: str | None) -> Response:
        return self.token(grant_type="refresh_token", refresh_token=token, **changes)

    def token(self, **fields: str | None) -> Response:
        return self.post("/oauth/token", **fields)

    def post(self, path: str, **fields: str | None) -> Response:
        """Send a form as this client, with its secret as ``client_secret_basic`` where it has one."""
        form = {"client_id": self.id, **fields}
        headers: dict[str, str] = {}
        if self.secret is not None:
            credentials = base64.b64encode(f"{self.id}:{self.secret}".encode()).decode()
            headers["Authorization"] = f"Basic {credentials}"
        given = {name: value for name, value in form.items() if value is not None}
        return self.client.post(path, data=given, headers=headers)


def cookie(who: str | None) -> dict[str, str]:
    return {} if who is None else {"Cookie": f"who={who}"}


def redirected(response: Response, to: str = CALLBACK) -> dict[str, str]:
    """Give the parameters with which the browser is sent back to the client."""
    location = response.headers["location"]
    assert (response.status_code, location.partition("?")[0]) == (303, to), location
    return dict(parse_qsl(urlsplit(location).query))


def said(token: str) -> dict[str, Any]:
    """Give what a JWT says, unverified."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims
