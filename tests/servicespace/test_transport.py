"""HTTPS outside this machine, and whose word is taken for it."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from servicespace.transport import Transport, source_of

HSTS = "strict-transport-security"


async def told(request: Request) -> Response:
    """Tell how the request came."""
    return JSONResponse([request.url.scheme, source_of(request.scope)])


async def talk(socket: WebSocket) -> None:
    """Tell how the socket came."""
    await socket.accept()
    await socket.send_text(socket.url.scheme)
    await socket.close()


def asking(
    client: str, base: str = "http://portal.example", public: str = "https://portal.example"
) -> TestClient:
    """Give a client that comes from that address, to a service behind the proxies of 10.0.0.0/8."""
    paths = ("/account", "/graphql", "/health/live")
    application = Starlette(
        routes=[
            *(Route(each, told, methods=["GET", "POST"]) for each in paths),
            WebSocketRoute("/socket", talk),
        ],
        middleware=[Middleware(Transport, proxies=["10.0.0.0/8", "::1"], public=public)],
    )
    return TestClient(application, base_url=base, client=(client, 50_000), follow_redirects=False)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.9.9.9"])
def test_serves_this_machine_without_https(client: str) -> None:
    answer = asking(client).get("/account")

    assert answer.json() == ["http", client]
    assert HSTS not in answer.headers


def test_leads_a_page_from_elsewhere_to_https() -> None:
    answer = asking("192.0.2.1", "http://evil.example").get("/account?x=%2F1")

    assert (answer.status_code, answer.headers["location"]) == (307, "https://portal.example/account?x=%2F1")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/account"), ("POST", "/graphql"), ("GET", "/graphql")]
)
def test_refuses_all_else_from_elsewhere_without_https(method: str, path: str) -> None:
    assert asking("192.0.2.1").request(method, path).status_code == 403


def test_refuses_a_page_where_no_public_address_is_known() -> None:
    assert asking("192.0.2.1", public="http://127.0.0.1:8000").get("/account").status_code == 403


def test_answers_who_watches_over_it_without_https() -> None:
    assert asking("192.0.2.1").get("/health/live").status_code == 200


def test_keeps_browsers_to_https() -> None:
    answer = asking("192.0.2.1", "https://portal.example").get("/account")

    assert answer.headers[HSTS] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("client", "headers", "seen"),
    [
        (
            "10.1.1.1",
            {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.5"},
            ["https", "203.0.113.5"],
        ),
        ("::1", {"x-forwarded-proto": "https", "x-forwarded-for": "2001:db8::5"}, ["https", "2001:db8::5"]),
        (
            "10.1.1.1",
            {"x-forwarded-proto": "http, https", "x-forwarded-for": "1.1.1.1, 203.0.113.5, 10.2.2.2"},
            ["https", "203.0.113.5"],
        ),
        ("10.1.1.1", {"x-forwarded-proto": "https", "x-forwarded-for": "nonsense"}, ["https", "10.1.1.1"]),
        ("10.1.1.1", {"x-forwarded-proto": "https"}, ["https", "10.1.1.1"]),
        ("127.0.0.1", {"x-forwarded-proto": "https", "x-forwarded-for": "1.1.1.1"}, ["http", "127.0.0.1"]),
    ],
    ids=["proxy", "IPv6", "chain", "nonsense", "no address", "no proxy of ours"],
)
def test_believes_our_proxies_only(client: str, headers: dict[str, str], seen: list[str]) -> None:
    assert asking(client).get("/account", headers=headers).json() == seen


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-proto": "http"},
        {"x-forwarded-proto": "http", "x-forwarded-for": "203.0.113.5"},
        {"x-forwarded-for": "203.0.113.5"},
    ],
)
def test_refuses_what_reached_our_proxy_without_https(headers: dict[str, str]) -> None:
    assert asking("10.1.1.1").post("/account", headers=headers).status_code == 403


@pytest.mark.parametrize(("proto", "is_open"), [("https", True), ("http", False)])
def test_holds_a_websocket_to_the_same(proto: str, is_open: bool) -> None:
    client = asking("10.1.1.1")
    headers = {"x-forwarded-proto": proto, "x-forwarded-for": "203.0.113.5"}

    if is_open:
        with client.websocket_connect("/socket", headers=headers) as socket:
            assert socket.receive_text() == "wss"
    else:
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket", headers=headers):
            pass


def test_lets_nobody_else_claim_https() -> None:
    claimed = {"x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1"}

    assert asking("192.0.2.1").post("/account", headers=claimed).status_code == 403
