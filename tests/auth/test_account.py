import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auth.account import Account, AccountState, months_before, state
from auth.key import Secret
from auth.store import UserRecord
from auth.viewer import CustomerCode, UserId

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
USER = UserRecord(id=UserId(1), username="ann", customer=CustomerCode("acme"), email="ann@acme.example")
ACTIVE = Account(user=USER, created_at=SECONDS, last_used_at=SECONDS, password_hash=Secret("$argon2id$"))


def changed(**changes: Any) -> Account:  # noqa: ANN401 - whatever a field is
    """Give the active account with other values."""
    return msgspec.structs.replace(ACTIVE, **changes)


SUSPENDED = changed(user=msgspec.structs.replace(USER, active=False))
OLD = int((NOW - timedelta(days=190)).timestamp())


@pytest.mark.parametrize(
    ("account", "stands"),
    [
        (changed(password_hash=None, last_used_at=None), AccountState.INVITED),
        (ACTIVE, AccountState.ACTIVE),
        (changed(locked_until=SECONDS + 1), AccountState.LOCKED),
        (changed(locked_until=SECONDS), AccountState.ACTIVE),
        (SUSPENDED, AccountState.SUSPENDED),
        (changed(last_used_at=OLD), AccountState.STAGNANT),
        (changed(created_at=OLD, last_used_at=None), AccountState.STAGNANT),
        (changed(cancelled_at=SECONDS, user=SUSPENDED.user, password_hash=None), AccountState.CANCELLED),
    ],
)
def test_derives_the_state(account: Account, stands: AccountState) -> None:
    assert state(account, NOW) is stands


def test_has_the_states_that_the_reference_names(shared_data: Path) -> None:
    machines = json.loads((shared_data / "statemachines.json").read_text())
    machine = machines.get("portalUser") or machines["machines"]["portalUser"]

    assert {each.value for each in AccountState} == set(machine["edges"])


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("INVITED", {"password_hash": Secret("x")}, "ACTIVE"),
        ("INVITED", {"cancelled_at": 1}, "CANCELLED"),
        ("ACTIVE", {"locked_until": SECONDS + 9}, "LOCKED"),
        ("ACTIVE", {"last_used_at": OLD}, "STAGNANT"),
        ("ACTIVE", {"user": SUSPENDED.user}, "SUSPENDED"),
        ("ACTIVE", {"cancelled_at": 1}, "CANCELLED"),
        ("LOCKED", {"locked_until": 0}, "ACTIVE"),
        ("SUSPENDED", {"user": USER}, "ACTIVE"),
        ("SUSPENDED", {"cancelled_at": 1}, "CANCELLED"),
        ("STAGNANT", {"cancelled_at": 1}, "CANCELLED"),
        ("STAGNANT", {"last_used_at": SECONDS}, "ACTIVE"),
    ],
)
def test_goes_along_every_edge_of_the_reference(
    shared_data: Path, before: str, change: dict[str, Any], after: str
) -> None:
    starts = {
        "INVITED": changed(password_hash=None),
        "ACTIVE": ACTIVE,
        "LOCKED": changed(locked_until=SECONDS + 9),
        "SUSPENDED": SUSPENDED,
        "STAGNANT": changed(last_used_at=OLD),
    }
    machines = json.loads((shared_data / "statemachines.json").read_text())
    machine = machines.get("portalUser") or machines["machines"]["portalUser"]

    found = state(msgspec.structs.replace(starts[before], **change), NOW)

    assert state(starts[before], NOW).value == before
    assert found.value == after
    assert after in machine["edges"][before]


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        ("2026-03-31", "2025-09-30"),
        ("2026-08-31", "2026-02-28"),
        ("2026-06-15", "2025-12-15"),
        ("2026-12-01", "2026-06-01"),
    ],
)
def test_counts_months_by_the_calendar(day: str, earlier: str) -> None:
    assert months_before(datetime.fromisoformat(day), 6) == datetime.fromisoformat(earlier)
