"""The tables of who customers are in other systems, and of when that changed."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Change",
            fields=[
                ("customer", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("epoch", fields.BigIntField(db_index=True)),
            ],
            options={
                "table": "parties_change",
                "app": "parties",
                "pk_attr": "customer",
                "table_description": (
                    "When the parties of a customer last changed. The row of no customer counts the epochs."
                ),
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Party",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(db_index=True, max_length=64)),
                ("system", fields.CharField(max_length=32)),
                ("party", fields.CharField(max_length=128)),
            ],
            options={
                "table": "parties_party",
                "app": "parties",
                "unique_together": (("system", "party"),),
                "pk_attr": "serial",
                "table_description": ("The table of ``Known``: a party of a system is one customer's only."),
            },
            bases=["Model"],
        ),
    ]
