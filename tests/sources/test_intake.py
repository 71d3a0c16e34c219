"""What was refused, in both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from servicespace.store import StoreSettings, open_store
from sources.intake import IntakeFormat, RefusalRecord
from sources.intake.sql import SqlIntake
from sources.keys import CustomerCode
from sources.sql import Database
from sources.table import Saved

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)


def refusal(customer: CustomerCode) -> RefusalRecord:
    return RefusalRecord(
        customer=customer,
        id="a" * 64,
        file="bills/1.json",
        format=IntakeFormat.TMF,
        reason="not JSON",
        first_seen_at=NOW,
        content="{",
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_refused_again_keeps_when_it_was_first_seen(
    kind: str, customer: CustomerCode, request: pytest.FixtureRequest
) -> None:
    settings: StoreSettings = request.getfixturevalue(kind)
    first = refusal(customer)
    later = replace(first, first_seen_at=NOW + timedelta(days=1))
    moved = replace(later, file="bills/2.json", reason="not JSON at all")
    async with open_store(settings) as connection:
        intake = SqlIntake(Database(connection, "intake"))

        saved = [await intake.save_refusals([each]) for each in (first, later, moved)]
        kept = await intake.refusals(customer)
        others = await intake.refusals(CustomerCode("nobody"))

    assert saved == [Saved(taken_in=1), Saved(unchanged=1), Saved(updated=1)]
    assert kept == [replace(moved, first_seen_at=NOW)]
    assert others == []
