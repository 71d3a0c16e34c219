"""The settings of a service whose tickets, bills and components are behind HTTP."""

from pathlib import Path

from bench.folder import DATA
from bench.place import Place
from tests.tmf.sent import Spoken

_UPSTREAM = """
[[upstream]]
system = "{system}"
api = "{api}"
url = "{url}"
seconds = {seconds}
breaker = {{ calls = 10_000 }}
things = {{ version = "{version}", page_size = 5_000 }}
"""


def settings_file(place: Place, stub: str, cache: str, seconds: float) -> Path:
    """Write the settings file; *cache* is where answers of the systems at *stub* are kept.

    *seconds* is the deadline of a call. No breaker opens: what is measured is what it would hide.
    """
    spoken = Spoken()
    apis = (
        ("ticketing", "TMF621", spoken.tickets),
        ("billing", "TMF678", spoken.bills),
        ("billing", "TMF666", spoken.bills),
        ("inventory", "TMF639", spoken.components),
    )
    text = f"""[store]
host = "{place.host}"
user = "postgres"
database = "{place.database}"

[cache]
place = "{cache}"
"""
    for system, api, version in apis:
        text += _UPSTREAM.format(system=system, api=api, url=stub, seconds=seconds, version=version.value)
    file = DATA / "joined.toml"
    file.write_text(text)
    return file
