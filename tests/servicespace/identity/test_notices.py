from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from starlette.testclient import TestClient

from servicespace.identity.notices import PortalNotice, shown
from servicespace.settings import Settings
from servicespace.wiring import create_app
from tests.servicespace.identity.conftest import CHEAP

NOW = datetime.now(UTC)


def notice(title: str, begins: timedelta, ends: timedelta) -> PortalNotice:
    """Give a notice from and to so long after now."""
    return PortalNotice(title=title, starts_at=NOW + begins, ends_at=NOW + ends, body="<b>It's & only</b>")


NOTICES = [
    notice("upcoming", timedelta(days=1), timedelta(days=2)),
    notice("current", timedelta(hours=-1), timedelta(hours=1)),
    notice("over", timedelta(days=-2), timedelta(seconds=-1)),
    notice("far", timedelta(days=30), timedelta(days=31)),
]


@pytest.fixture
def client(empty_store: Settings) -> Generator[TestClient]:
    settings = msgspec.structs.replace(empty_store, notice=NOTICES)
    with TestClient(create_app(settings, cost=CHEAP)) as client:
        yield client


def test_shows_what_is_current_or_upcoming_the_earliest_first() -> None:
    assert [each.title for each in shown(NOTICES, NOW)] == ["current", "upcoming"]


def test_shows_them_on_the_sign_in_page_as_text(client: TestClient) -> None:
    page = client.get("/sign-in").text

    assert page.index("<h2>current</h2>") < page.index("<h2>upcoming</h2>")
    assert "&lt;b&gt;It&#39;s &amp; only&lt;/b&gt;" in page
    assert "over" not in page.partition("<main>")[2].partition("<h1>")[0]


@pytest.mark.parametrize("moment", ["2026-03-01T12:00:00", "tomorrow"])
def test_refuses_a_time_without_an_offset(moment: str) -> None:
    text = f'title = "x"\nstarts_at = "{moment}"\nends_at = 2026-03-02T12:00:00Z\n'

    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(text, type=PortalNotice)
