"""The provider's pages: consent, sign-out, refusals; plain HTML that needs no script."""

from typing import Final
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from servicespace.identity.templating import rendered

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action {}"
)


def page(name: str, status: int = 200, *, leads_to: str | None = None, **values: object) -> Response:
    """Give the page *name*; its form may lead on to the site of *leads_to*, and to no other but ours.

    A browser holds redirects after a form against ``form-action``, too.
    """
    sites = "'self'" if leads_to is None else f"'self' {_site(leads_to)}"
    headers = {
        "Content-Security-Policy": _POLICY.format(sites),
        "Cache-Control": "no-store",
        "X-Frame-Options": "DENY",
    }
    return HTMLResponse(rendered(name, **values), status, headers)


def _site(uri: str) -> str:
    """Give the origin of *uri*, or its scheme where it is an application's own."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
