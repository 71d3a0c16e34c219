"""Intake in the embedded database."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from tortoise import fields
from tortoise.models import Model

from sources.intake import RefusalRecord
from sources.keys import CustomerCode
from sources.sql import Database, Row
from sources.table import Saved, Table


class Refusal(Row, Model):
    """The table of ``RefusalRecord``."""

    file = fields.TextField()
    format = fields.CharField(16)
    reason = fields.TextField()
    first_seen_at = fields.DatetimeField()
    content = fields.TextField(null=True)

    class Meta(Model.Meta):
        app = "intake"
        table = "intake_refusal"
        unique_together = (("customer", "id"),)


class SqlIntake:
    """What was refused, in the embedded database."""

    def __init__(self, database: Database) -> None:
        """Speak for the intake over *database*."""
        self._refusals = Table(database, "intake_refusal", RefusalRecord)

    async def refusals(self, customer: CustomerCode) -> Sequence[RefusalRecord]:
        """Give all that was refused for *customer*: for operators, never for an asker."""
        return await self._refusals.having(customer, "customer", [customer])

    async def save_refusals(self, records: Iterable[RefusalRecord]) -> Saved:
        """Write refusals over those with the same customer and digest; each keeps when it was first seen."""
        latest = {(each.customer, each.id): each for each in records}
        known = await self._refusals.known(latest)
        return await self._refusals.save(
            replace(each, first_seen_at=known[key].first_seen_at) if key in known else each
            for key, each in latest.items()
        )
