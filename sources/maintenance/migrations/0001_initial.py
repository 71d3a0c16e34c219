"""The tables of maintenance events, their impacts and their revisions."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Event",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("reference", fields.TextField(unique=False)),
                ("uid", fields.TextField(null=True, unique=False)),
                ("sequence", fields.BigIntField()),
                ("kind", fields.CharField(max_length=16)),
                ("status", fields.CharField(max_length=32)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("title", fields.TextField(unique=False)),
                ("description", fields.TextField(null=True, unique=False)),
                ("reason", fields.TextField(null=True, unique=False)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("announced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("provider", fields.TextField(null=True, unique=False)),
                ("organizer", fields.TextField(null=True, unique=False)),
                ("account", fields.TextField(null=True, unique=False)),
                ("level", fields.CharField(max_length=32)),
                ("on_network", fields.BooleanField()),
                ("solutions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("locations", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("components", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("service_points", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "maintenance_event",
                "app": "maintenance",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "starts_at", "id"]),
                    Index(fields=["customer", "ends_at", "id"]),
                    Index(fields=["customer", "announced_at", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``MaintenanceEventRecord``.",
            },
            bases=["Row", "Model"],
        ),
        ops.CreateModel(
            name="EventComponent",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("event", fields.CharField(max_length=128)),
                ("component", fields.CharField(max_length=128)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "maintenance_event_component",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "component", "starts_at", "event"]),
                    Index(fields=["customer", "event", "component"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``EVENT_COMPONENTS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="EventLocation",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("event", fields.CharField(max_length=128)),
                ("location", fields.CharField(max_length=128)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "maintenance_event_location",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "location", "starts_at", "event"]),
                    Index(fields=["customer", "event", "location"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``EVENT_LOCATIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="EventServicePoint",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("event", fields.CharField(max_length=128)),
                ("service_point", fields.CharField(max_length=128)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "maintenance_event_service_point",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "service_point", "starts_at", "event"]),
                    Index(fields=["customer", "event", "service_point"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``EVENT_SERVICE_POINTS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="EventSolution",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("event", fields.CharField(max_length=128)),
                ("solution", fields.CharField(max_length=128)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "maintenance_event_solution",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "solution", "starts_at", "event"]),
                    Index(fields=["customer", "event", "solution"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``EVENT_SOLUTIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="Impact",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("event", fields.CharField(max_length=128)),
                ("object_id", fields.TextField(unique=False)),
                ("component", fields.CharField(null=True, max_length=128)),
                ("service_point", fields.CharField(null=True, max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
                ("solution", fields.CharField(null=True, max_length=128)),
                ("level", fields.CharField(max_length=32)),
                ("expected_duration", fields.BigIntField(null=True)),
                ("redundant_path", fields.BooleanField(null=True)),
                ("segment", fields.CharField(max_length=32)),
            ],
            options={
                "table": "maintenance_impact",
                "app": "maintenance",
                "unique_together": (("customer", "id"),),
                "indexes": [Index(fields=["customer", "event", "object_id", "id"])],
                "pk_attr": "serial",
                "table_description": "The table of ``MaintenanceImpactRecord``.",
            },
            bases=["Row", "Model"],
        ),
        ops.CreateModel(
            name="Revision",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("event", fields.CharField(max_length=128)),
                ("sequence", fields.BigIntField()),
                ("stamped_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("status", fields.CharField(max_length=32)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("on_network", fields.BooleanField()),
                ("solutions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("locations", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "maintenance_revision",
                "app": "maintenance",
                "unique_together": (("customer", "id"),),
                "indexes": [Index(fields=["customer", "event", "sequence", "id"])],
                "pk_attr": "serial",
                "table_description": "The table of ``MaintenanceRevisionRecord``.",
            },
            bases=["Row", "Model"],
        ),
        ops.CreateModel(
            name="RevisionLocation",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("revision", fields.CharField(max_length=128)),
                ("location", fields.CharField(max_length=128)),
            ],
            options={
                "table": "maintenance_revision_location",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "location", "revision"]),
                    Index(fields=["customer", "revision", "location"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``REVISION_LOCATIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="RevisionSolution",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("revision", fields.CharField(max_length=128)),
                ("solution", fields.CharField(max_length=128)),
            ],
            options={
                "table": "maintenance_revision_solution",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "solution", "revision"]),
                    Index(fields=["customer", "revision", "solution"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``REVISION_SOLUTIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
    ]
