from datetime import UTC, datetime

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient

from auth.audit import AuditAction, AuditEvent, AuditLog


def event(customer: str, subject: str) -> AuditEvent:
    return AuditEvent(
        action=AuditAction.RIGHTS_CHANGED,
        customer=customer,
        actor="acme-admin",
        subject=subject,
        source="127.0.0.1",
        details={"BILLING": "READER"},
    )


async def test_gives_the_newest_lines_of_a_customer_first(connection: BaseDBAsyncClient) -> None:
    log = AuditLog(connection)
    before = datetime.now(UTC)
    for customer, subject in (("audited", "ann"), ("other", "eve"), ("audited", "bob")):
        await log.write(event(customer, subject))

    lines = await log.newest("audited")
    older = await log.newest("audited", before=lines[0].id)
    oldest = await log.newest("audited", before=0)

    assert [each.event for each in lines[:2]] == [event("audited", "bob"), event("audited", "ann")]
    assert before <= lines[0].at <= datetime.now(UTC)
    assert older == lines[1:]
    assert oldest == []


async def test_gives_every_line_in_the_order_of_writing(connection: BaseDBAsyncClient) -> None:
    log = AuditLog(connection)
    await log.write(event("first", "ann"))
    await log.write(event("second", "bob"))

    lines = [each async for each in log.all()]

    assert [each.event.customer for each in lines][-2:] == ["first", "second"]
    assert [each.id for each in lines] == sorted(each.id for each in lines)


@pytest.mark.parametrize("statement", ["DELETE FROM auth_audit", "UPDATE auth_audit SET actor = 'nobody'"])
async def test_the_database_refuses_to_change_a_line(connection: BaseDBAsyncClient, statement: str) -> None:
    log = AuditLog(connection)
    await log.write(event("kept", "ann"))

    with pytest.raises(Exception, match="append-only"):
        await connection.execute_script(statement)

    assert [each.event.subject for each in await log.newest("kept")][:1] == ["ann"]
