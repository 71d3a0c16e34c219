"""What the tables of the embedded database promise beside the contracts of the systems."""

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.keys import ComponentId, CustomerCode
from sources.maintenance import EVENT_COMPONENTS, MaintenanceEventRecord
from sources.sql import Database
from sources.table import Table, ties
from tests.sources.notices import event


@pytest.mark.parametrize("connection", ["sqlite", "postgres"], indirect=True)
async def test_removes_rows_with_all_that_ties_them(
    connection: BaseDBAsyncClient, customer: CustomerCode
) -> None:
    database = Database(connection, "maintenance", 10)
    table = Table(
        database, "maintenance_event", MaintenanceEventRecord, [ties(EVENT_COMPONENTS, "components")]
    )
    gone = event(customer, "E1", components=(ComponentId("C1"), ComponentId("C2")))
    kept = event(customer, "E2", components=(ComponentId("C1"),))
    await table.save([gone, kept])

    await table.remove([gone])

    tied = await database.rows(
        ("SELECT event, component FROM maintenance_event_component WHERE customer = ?", [customer])
    )
    assert await table.having(customer, "customer", [customer]) == [kept]
    assert [tuple(row) for row in tied] == [("E2", "C1")]
