"""The table of what was refused."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Refusal",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("file", fields.TextField(unique=False)),
                ("format", fields.CharField(max_length=16)),
                ("reason", fields.TextField(unique=False)),
                ("first_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("content", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "intake_refusal",
                "app": "intake",
                "unique_together": (("customer", "id"),),
                "pk_attr": "serial",
                "table_description": "The table of ``RefusalRecord``.",
            },
            bases=["Row", "Model"],
        ),
    ]
