"""The service's settings over the data of the benchmarks."""

from bench.place import Place
from servicespace.settings import Settings
from servicespace.store import StoreSettings


def settings_of(place: Place) -> Settings:
    """Give the settings; all but the place of the data is as the service has it by default."""
    return Settings(store=StoreSettings(host=place.host, user="postgres", database=place.database))
