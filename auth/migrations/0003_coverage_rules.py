"""The tables of coverage rules, by version."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("auth", "0002_user_change")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CoverageVersion",
            fields=[
                (
                    "version",
                    fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True),
                ),
                ("applied_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("applied_by", fields.TextField(unique=False)),
                ("source", fields.TextField(unique=False)),
                ("sha256", fields.CharField(null=True, max_length=64)),
                ("reason", fields.TextField(null=True, unique=False)),
                ("effects", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "auth_coverage_version",
                "app": "auth",
                "pk_attr": "version",
                "table_description": "The table of versions, each with its note.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DatedCoverageRule",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.BigIntField()),
                ("feature", fields.CharField(max_length=64)),
                ("category", fields.CharField(max_length=32)),
                ("market", fields.CharField(max_length=4)),
                ("portal_option", fields.CharField(max_length=8)),
                ("level", fields.CharField(max_length=8)),
                ("valid_from", fields.DateField(null=True)),
                ("valid_to", fields.DateField(null=True)),
            ],
            options={
                "table": "auth_coverage_rule",
                "app": "auth",
                "indexes": [Index(fields=["feature", "category", "market", "portal_option", "version"])],
                "pk_attr": "id",
                "table_description": "The table of ``DatedRule``: all of each place that a version changed.",
            },
            bases=["Model"],
        ),
    ]
