"""GraphiQL at ``/``, from this server alone.

Its files lie in ``servicespace/graphiql/``, as published on npm, each folder with its licence.
"""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FILES = Path(__file__).parent / "graphiql"

# GraphiQL sets styles on its elements as it runs: hence 'unsafe-inline'.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def ide_routes() -> list[BaseRoute]:
    """Give the page and its files."""
    return [Route("/", _page), Mount("/graphiql", StaticFiles(directory=_FILES))]


async def _page(_request: Request) -> Response:
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-cache"}
    return FileResponse(_FILES / "index.html", headers=headers)
