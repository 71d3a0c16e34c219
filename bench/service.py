"""The service as it is."""

from starlette.applications import Starlette

from bench.place import Place
from bench.settings import settings_of
from servicespace import wiring


def create_app(place: Place) -> Starlette:
    """Give the application."""
    return wiring.create_app(settings_of(place))
