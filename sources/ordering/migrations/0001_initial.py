"""The tables of customers, Solutions, service points and locations."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Customer",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("name", fields.TextField(unique=False)),
                ("market", fields.CharField(max_length=4)),
                ("portal_option", fields.CharField(max_length=8)),
            ],
            options={
                "table": "ordering_customer",
                "app": "ordering",
                "unique_together": (("customer", "id"),),
                "pk_attr": "serial",
                "table_description": "The table of ``CustomerRecord``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Location",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("name", fields.TextField(unique=False)),
                ("site_code", fields.TextField(null=True, unique=False)),
                ("street", fields.TextField(null=True, unique=False)),
                ("postcode", fields.TextField(null=True, unique=False)),
                ("city", fields.TextField(null=True, unique=False)),
                ("country", fields.CharField(max_length=2)),
                ("time_zone", fields.TextField(null=True, unique=False)),
                ("latitude", fields.FloatField(null=True)),
                ("longitude", fields.FloatField(null=True)),
            ],
            options={
                "table": "ordering_location",
                "app": "ordering",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "name", "id"]),
                    Index(fields=["customer", "country", "id"]),
                    Index(fields=["customer", "site_code", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``LocationRecord``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="ServicePoint",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("name", fields.TextField(unique=False)),
                ("offer", fields.TextField(null=True, unique=False)),
                ("status", fields.CharField(max_length=32)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("solution", fields.CharField(max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
                ("billing_account", fields.CharField(null=True, max_length=128)),
                ("bandwidth", fields.BigIntField(null=True)),
                ("activated_on", fields.DateField(null=True)),
                ("terminated_on", fields.DateField(null=True)),
            ],
            options={
                "table": "ordering_service_point",
                "app": "ordering",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "name", "id"]),
                    Index(fields=["customer", "solution", "name", "id"]),
                    Index(fields=["customer", "location", "name", "id"]),
                    Index(fields=["customer", "billing_account", "name", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``ServicePointRecord``.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Solution",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("name", fields.TextField(unique=False)),
                ("offer", fields.TextField(null=True, unique=False)),
                ("category", fields.CharField(max_length=32)),
                ("status", fields.CharField(max_length=32)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("market", fields.CharField(max_length=4)),
                ("options", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("ordered_on", fields.DateField()),
                ("activated_on", fields.DateField(null=True)),
                ("terminated_on", fields.DateField(null=True)),
            ],
            options={
                "table": "ordering_solution",
                "app": "ordering",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "name", "id"]),
                    Index(fields=["customer", "ordered_on", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``SolutionRecord``.",
            },
            bases=["Row"],
        ),
    ]
