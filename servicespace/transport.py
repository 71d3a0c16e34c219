"""How a request came: by HTTPS or not, and from whom; outside this machine only HTTPS is served."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_HEALTH: Final = "/health/"
"""Is answered without HTTPS, too: who watches this process comes straight to it."""


class Transport:
    """Refuses what is not HTTPS, unless it comes from this machine.

    ``X-Forwarded-Proto`` and ``X-Forwarded-For`` are believed from *proxies* only (addresses, networks). From
    anybody else they mean nothing. A page that is asked for without HTTPS is redirected to *public*.
    """

    def __init__(self, app: ASGIApp, *, proxies: Sequence[str] = (), public: str = "") -> None:
        """Stand before *app*."""
        self._app = app
        self._proxies = networks(proxies)
        self._public = public.rstrip("/") if public.startswith("https://") else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        seen = self._seen(scope)
        if seen["scheme"] in {"https", "wss"}:
            await self._app(seen, receive, _Strict(send))
        elif is_local(seen) or seen["path"].startswith(_HEALTH):
            await self._app(seen, receive, send)
        elif seen["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refusal(seen)(seen, receive, send)

    def _seen(self, scope: Scope) -> Scope:
        """Give *scope* with the scheme and the address that the request had before our proxies."""
        client = scope.get("client")
        if client is None or not self._trusts(client[0]):
            return scope
        headers = Headers(scope=scope)
        changed: dict[str, Any] = {}
        proto = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        if proto in {"http", "https"}:
            changed["scheme"] = proto.replace("http", "ws") if scope["type"] == "websocket" else proto
        hops = [each.strip() for each in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        for hop in reversed([each for each in hops if each]):
            if not _is_address(hop):
                break
            changed["client"] = (hop, 0)
            if not self._trusts(hop):
                break
        return {**scope, **changed}

    def _trusts(self, address: str) -> bool:
        if not _is_address(address):
            return False
        return any(ip_address(address) in each for each in self._proxies)

    def _refusal(self, scope: Scope) -> Response:
        if self._public is not None and scope["method"] in {"GET", "HEAD"} and scope["path"] != "/graphql":
            query = scope["query_string"].decode("latin-1")
            raw = scope.get("raw_path") or scope["path"].encode()
            path = raw.decode("latin-1").partition("?")[0]
            return RedirectResponse(f"{self._public}{path}{'?' if query else ''}{query}", 307)
        return PlainTextResponse("HTTPS is required.\n", 403, headers={"Cache-Control": "no-store"})


class _Strict:
    """Sends answers with the header that keeps a browser to HTTPS."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], _HSTS]
        await self._send(message)


def networks(proxies: Sequence[str]) -> Sequence[IPv4Network | IPv6Network]:
    """Give addresses and networks as networks; raises ``ValueError`` for what is neither."""
    return [ip_network(each) for each in proxies]


def is_local(scope: Scope) -> bool:
    """Tell whether a request comes from this machine: from loopback, or by a Unix socket."""
    client = scope.get("client")
    return client is None or not _is_address(client[0]) or ip_address(client[0]).is_loopback


def source_of(scope: Scope) -> str:
    """Give the address that a request comes from, "" for none."""
    client = scope.get("client")
    return "" if client is None else str(client[0])


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
