"""The tables of components."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Component",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("kind", fields.CharField(max_length=32)),
                ("raw_kind", fields.TextField(null=True, unique=False)),
                ("name", fields.TextField(unique=False)),
                ("external_ids", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("serial_number", fields.CharField(null=True, max_length=128)),
                ("model", fields.TextField(null=True, unique=False)),
                ("vendor", fields.TextField(null=True, unique=False)),
                ("status", fields.CharField(max_length=32)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("admin_state", fields.CharField(null=True, max_length=32)),
                ("operational_state", fields.CharField(null=True, max_length=32)),
                ("usage_state", fields.CharField(null=True, max_length=32)),
                ("solution", fields.CharField(null=True, max_length=128)),
                ("service_point", fields.CharField(null=True, max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
                ("parent", fields.CharField(null=True, max_length=128)),
                ("managed_by", fields.CharField(max_length=16)),
                ("addresses", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("bandwidth", fields.BigIntField(null=True)),
                ("access_type", fields.TextField(null=True, unique=False)),
                ("end_of_support", fields.DateField(null=True)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("exclusion", fields.CharField(null=True, max_length=32)),
            ],
            options={
                "table": "inventory_component",
                "app": "inventory",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "name", "id"]),
                    Index(fields=["customer", "kind", "id"]),
                    Index(fields=["customer", "updated_at", "id"]),
                    Index(fields=["customer", "serial_number", "id"]),
                    Index(fields=["customer", "solution", "name", "id"]),
                    Index(fields=["customer", "solution", "kind", "id"]),
                    Index(fields=["customer", "solution", "updated_at", "id"]),
                    Index(fields=["customer", "service_point", "name", "id"]),
                    Index(fields=["customer", "location", "name", "id"]),
                    Index(fields=["customer", "parent", "name", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``ComponentRecord``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ComponentAddress",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("component", fields.CharField(max_length=128)),
                ("low", fields.CharField(max_length=33)),
                ("high", fields.CharField(max_length=33)),
            ],
            options={
                "table": "inventory_component_address",
                "app": "inventory",
                "indexes": [
                    Index(fields=["customer", "low", "high", "component"]),
                    Index(fields=["customer", "component", "low", "high"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``ADDRESSES``.",
            },
            bases=["LinkRow"],
        ),
        ops.CreateModel(
            name="ComponentExternalId",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("component", fields.CharField(max_length=128)),
                ("external_id", fields.TextField(unique=False)),
            ],
            options={
                "table": "inventory_component_external_id",
                "app": "inventory",
                "indexes": [
                    Index(fields=["customer", "external_id", "component"]),
                    Index(fields=["customer", "component", "external_id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``EXTERNAL_IDS``.",
            },
            bases=["LinkRow"],
        ),
    ]
