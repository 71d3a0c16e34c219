"""The tables of tickets and notes."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Ticket",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("reference", fields.CharField(max_length=128)),
                ("external_id", fields.CharField(null=True, max_length=256)),
                ("title", fields.TextField(unique=False)),
                ("description", fields.TextField(null=True, unique=False)),
                ("kind", fields.CharField(max_length=16)),
                ("raw_kind", fields.TextField(null=True, unique=False)),
                ("status", fields.CharField(max_length=16)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("status_reason", fields.TextField(null=True, unique=False)),
                ("priority", fields.CharField(max_length=16)),
                ("raw_priority", fields.TextField(null=True, unique=False)),
                ("severity", fields.CharField(max_length=16)),
                ("raw_severity", fields.TextField(null=True, unique=False)),
                ("impact", fields.CharField(null=True, max_length=16)),
                ("raw_impact", fields.TextField(null=True, unique=False)),
                ("opened_by", fields.CharField(max_length=16)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "expected_resolution_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("resolved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("solution", fields.CharField(null=True, max_length=128)),
                ("service_point", fields.CharField(null=True, max_length=128)),
                ("component", fields.CharField(null=True, max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
                ("document", fields.CharField(null=True, max_length=128)),
                ("parent", fields.CharField(null=True, max_length=128)),
            ],
            options={
                "table": "ticketing_ticket",
                "app": "ticketing",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "opened_at", "id"]),
                    Index(fields=["customer", "updated_at", "id"]),
                    Index(fields=["customer", "reference", "id"]),
                    Index(fields=["customer", "external_id", "id"]),
                    Index(fields=["customer", "solution", "opened_at", "id"]),
                    Index(fields=["customer", "solution", "updated_at", "id"]),
                    Index(fields=["customer", "solution", "reference", "id"]),
                    Index(fields=["customer", "component", "opened_at", "id"]),
                    Index(fields=["customer", "component", "updated_at", "id"]),
                    Index(fields=["customer", "component", "reference", "id"]),
                    Index(fields=["customer", "service_point", "opened_at", "id"]),
                    Index(fields=["customer", "service_point", "updated_at", "id"]),
                    Index(fields=["customer", "service_point", "reference", "id"]),
                    Index(fields=["customer", "location", "opened_at", "id"]),
                    Index(fields=["customer", "location", "updated_at", "id"]),
                    Index(fields=["customer", "location", "reference", "id"]),
                    Index(fields=["customer", "document", "opened_at", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``TicketRecord``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="TicketNote",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("ticket", fields.CharField(max_length=128)),
                ("author", fields.TextField(null=True, unique=False)),
                ("written_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("text", fields.TextField(unique=False)),
                ("solution", fields.CharField(null=True, max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
            ],
            options={
                "table": "ticketing_note",
                "app": "ticketing",
                "unique_together": (("customer", "id"),),
                "indexes": [Index(fields=["customer", "ticket", "written_at", "id"])],
                "pk_attr": "serial",
                "table_description": "The table of ``TicketNoteRecord``.",
            },
            bases=["Row"],
        ),
    ]
