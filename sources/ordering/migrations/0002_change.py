"""The table of changes, by which replicas learn whose coverage to compute anew."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("ordering", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Change",
            fields=[
                ("customer", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("epoch", fields.BigIntField(db_index=True)),
            ],
            options={
                "table": "ordering_change",
                "app": "ordering",
                "pk_attr": "customer",
                "table_description": (
                    "When a customer's coverage last changed. The row of no customer counts the epochs."
                ),
            },
            bases=["Model"],
        ),
    ]
