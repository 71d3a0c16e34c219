from datetime import UTC, datetime

import orjson
import pytest

from servicespace.responses import MediaType, encode, negotiate

GRAPHQL = MediaType.GRAPHQL
LEGACY = MediaType.LEGACY


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, LEGACY),
        ("", LEGACY),
        ("*/*", LEGACY),
        ("application/*", LEGACY),
        ("text/html,application/xhtml+xml,*/*;q=0.8", LEGACY),
        ("application/json", LEGACY),
        ("application/json; charset=utf-8", LEGACY),
        ("APPLICATION/JSON", LEGACY),
        ("application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", GRAPHQL),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.9", LEGACY),
        ("application/graphql-response+json;q=0.5, application/json;q=0.4", GRAPHQL),
        ("application/graphql-response+json, */*", GRAPHQL),
        ("application/graphql-response+json;q=0.2, */*;q=0.1", GRAPHQL),
        ("application/json, */*", LEGACY),
        ("application/json;q=0, */*", GRAPHQL),
        ("application/json;q=0, application/graphql-response+json;q=0, */*", None),
        ("application/json;q=2", None),
        ("application/json;q=high", None),
        ("application/json; charset=utf-16", None),
        ("application/json; version=1", LEGACY),
        ("text/html", None),
        ("image/*, text/plain;q=0.5", None),
        (",;q,", None),
    ],
)
def test_chooses_the_media_type_that_the_client_prefers(accept: str | None, media: MediaType | None) -> None:
    assert negotiate(accept) is media


def test_writes_json_in_utf_8() -> None:
    assert encode({"data": {"name": "Orléans ✓"}}) == '{"data":{"name":"Orléans ✓"}}'.encode()


def test_writes_times_in_utc_and_days() -> None:
    morning = datetime(2026, 3, 2, 8, 0, 0, 5, tzinfo=UTC)

    assert encode({"at": morning}) == b'{"at":"2026-03-02T08:00:00.000005Z"}'
    assert encode({"on": morning.date()}) == b'{"on":"2026-03-02"}'


def test_writes_what_orjson_refuses() -> None:
    morning = datetime(2026, 3, 2, 8, tzinfo=UTC)
    written = encode({"long": 2**80, "text": "a\ud800b", "at": morning, "on": morning.date()})

    assert written == (
        b'{"long":1208925819614629174706176,"text":"a?b","at":"2026-03-02T08:00:00Z","on":"2026-03-02"}'
    )
    assert orjson.loads(written)["text"] == "a?b"


def test_refuses_what_is_not_json() -> None:
    with pytest.raises(TypeError):
        encode({"data": object()})
