"""GraphiQL at ``/``, from this server alone.

Its files lie in ``servicespace/graphiql/``, as published on npm, each folder with its licence.
"""

from functools import partial
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FILES = Path(__file__).parent / "graphiql"

# GraphiQL sets styles on its elements as it runs: hence 'unsafe-inline'.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


CLIENT: Final = "graphiql"
"""The id of the OAuth client that the page is."""


def ide_routes(issuer: str | None = None) -> list[BaseRoute]:
    """Give the page and its files; its button signs in at *issuer*, and is not there for None."""
    return [
        Route("/", _page),
        Route("/graphiql/provider.json", partial(_provider, issuer)),
        Mount("/graphiql", StaticFiles(directory=_FILES)),
    ]


async def _provider(issuer: str | None, _request: Request) -> Response:
    told = None if issuer is None else {"issuer": issuer, "client": CLIENT}
    return JSONResponse(told, headers={"Cache-Control": "no-cache"})


async def _page(_request: Request) -> Response:
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"}
    return FileResponse(_FILES / "index.html", headers=headers)
