"""Where in a TOML file something is said."""

from typing import Final

import pytest

from servicespace.toml_lines import Place, line_of, nearest_line, place_of

TEXT: Final = '''# [[upstream]] in a comment
title = """
[[upstream]]
url = "no"
"""
names = [
  "[[upstream]]",  # ]]
  "b",
]

[[upstream]]
url = "https://a.example/[x]"  # url = "b"
limits.seconds = 1.5

# about the second
[[ "upstream" ]]
oauth2 = { scope = "read", client_id = "]" }
"url" = \'\'\'
https://b.example\'\'\'
[upstream.limits]
seconds = 2
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 2),
        (("names",), 6),
        (("names", 1), 6),
        (("upstream",), 11),
        (("upstream", 0), 11),
        (("upstream", 0, "url"), 12),
        (("upstream", 0, "limits", "seconds"), 13),
        (("upstream", 1), 16),
        (("upstream", 1, "oauth2", "client_id"), 17),
        (("upstream", 1, "url"), 18),
        (("upstream", 1, "limits"), 20),
        (("upstream", 1, "limits", "seconds"), 21),
        (("upstream", 2), None),
        (("upstream", "url"), None),
        (("title", 0), None),
        (("nothing",), None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tells_the_line_where_something_begins(place: Place, line: int | None, end: str) -> None:
    assert line_of(TEXT.replace("\n", end), place) == line


def test_what_is_not_said_is_missed_where_it_would_be() -> None:
    assert nearest_line(TEXT, ("upstream", 1, "oauth2", "token_url")) == 17
    assert nearest_line(TEXT, ("upstream", 0, "version")) == 11
    assert nearest_line(TEXT, ("store", "file")) is None


def test_a_file_without_a_last_line_end_has_its_last_line() -> None:
    assert line_of("a = 1\nb = 2", ("b",)) == 2


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("Expected `int`, got `str` - at `$.http.port`", ["http", "port"]),
        (
            "Expected `float`, got `str` - at `$.upstream[1].limits.seconds`",
            ["upstream", 1, "limits", "seconds"],
        ),
        ("Object contains unknown field `prot` - at `$.upstream[0]`", ["upstream", 0, "prot"]),
        ("Object contains unknown field `prot`", ["prot"]),
        ("either `file` or `host`", []),
    ],
)
def test_reads_the_place_in_an_error_of_msgspec(message: str, place: Place) -> None:
    assert place_of(message) == place
