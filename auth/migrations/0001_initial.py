"""The tables of Users and signing keys."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="SigningKey",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kid", fields.CharField(unique=True, max_length=64)),
                ("role", fields.CharField(null=True, unique=True, max_length=16)),
                ("private_jwk", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("retired_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "auth_signing_key",
                "app": "auth",
                "pk_attr": "id",
                "table_description": "The table of keys, of which at most one has the role ``signing``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="User",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("username", fields.CharField(unique=True, max_length=128)),
                ("email", fields.CharField(max_length=254)),
                ("active", fields.BooleanField()),
                ("scopes", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "auth_user",
                "app": "auth",
                "indexes": [Index(fields=["customer", "username"])],
                "pk_attr": "id",
                "table_description": "The table of ``UserRecord``.",
            },
            bases=["Model"],
        ),
    ]
