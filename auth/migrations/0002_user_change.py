"""The table of changes, by which replicas learn which Users to look up again."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("auth", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="UserChange",
            fields=[
                ("username", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ("epoch", fields.BigIntField(db_index=True)),
            ],
            options={
                "table": "auth_user_change",
                "app": "auth",
                "pk_attr": "username",
                "table_description": "When a User last changed. The row of no name counts the epochs.",
            },
            bases=["Model"],
        ),
    ]
