"""What the tables of the embedded database promise beside the contracts of the systems."""

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from sources.keys import CustomerCode
from sources.maintenance import TOUCHES, MaintenanceEventRecord
from sources.sql import Database
from sources.table import Table, parted
from tests.sources.notices import event, touch


@pytest.mark.parametrize("kept_by", ["sqlite", "postgres"])
async def test_removes_rows_with_all_that_ties_them(
    connection: BaseDBAsyncClient, customer: CustomerCode
) -> None:
    database = Database(connection, "maintenance", 10)
    table = Table(database, "maintenance_event", MaintenanceEventRecord, [parted(TOUCHES)])
    gone = event(customer, "E1", touches=(touch(component="C1"), touch(component="C2")))
    kept = event(customer, "E2", touches=(touch(component="C1"),))
    await table.save([gone, kept])

    await table.remove([gone])

    tied = await database.rows(
        ("SELECT event, component FROM maintenance_touch WHERE customer = ?", [customer])
    )
    assert await table.having(customer, "customer", [customer]) == [kept]
    assert [tuple(row) for row in tied] == [("E2", "C1")]
