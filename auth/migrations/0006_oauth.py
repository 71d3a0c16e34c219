"""The OAuth clients, what Users allowed them, what was issued from it, and what is revoked."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("auth", "0005_accounts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="OAuthAuthorization",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("client", fields.CharField(max_length=64)),
                ("username", fields.CharField(db_index=True, max_length=128)),
                ("customer", fields.CharField(max_length=64)),
                ("scope", fields.TextField(unique=False)),
                ("session", fields.CharField(db_index=True, max_length=128)),
                ("authenticated_at", fields.BigIntField()),
                ("methods", fields.CharField(max_length=64)),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField(db_index=True)),
                ("active", fields.BooleanField()),
            ],
            options={
                "table": "auth_authorization",
                "app": "auth",
                "pk_attr": "id",
                "table_description": "The table of ``Authorization``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthClient",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(max_length=128)),
                ("kind", fields.CharField(max_length=16)),
                ("owner", fields.CharField(db_index=True, max_length=64)),
                ("first_party", fields.BooleanField()),
                ("redirect_uris", fields.TextField(unique=False)),
                ("logout_uris", fields.TextField(unique=False)),
                ("scopes", fields.TextField(unique=False)),
                ("coverage", fields.CharField(max_length=16)),
                ("active", fields.BooleanField()),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "auth_client",
                "app": "auth",
                "pk_attr": "id",
                "table_description": "The table of ``Client``. Addresses and scopes are separated by spaces.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthClientChange",
            fields=[
                ("client", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("epoch", fields.BigIntField(db_index=True)),
            ],
            options={
                "table": "auth_client_change",
                "app": "auth",
                "pk_attr": "client",
                "table_description": "When a client last changed. The row of no name counts the epochs.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthClientGrant",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client", fields.CharField(max_length=64)),
                ("customer", fields.CharField(db_index=True, max_length=64)),
                ("scopes", fields.TextField(unique=False)),
                ("data", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("active", fields.BooleanField()),
            ],
            options={
                "table": "auth_client_grant",
                "app": "auth",
                "unique_together": (("client", "customer"),),
                "pk_attr": "id",
                "table_description": "The table of ``ClientGrant``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthClientSecret",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client", fields.CharField(db_index=True, max_length=64)),
                ("hash", fields.CharField(max_length=64)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
            ],
            options={
                "table": "auth_client_secret",
                "app": "auth",
                "pk_attr": "id",
                "table_description": "The table of ``SecretHash``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthCode",
            fields=[
                ("hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("sid", fields.CharField(db_index=True, max_length=64)),
                ("redirect_uri", fields.TextField(unique=False)),
                ("challenge", fields.CharField(max_length=128)),
                ("nonce", fields.TextField(unique=False)),
                ("expires_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "auth_code",
                "app": "auth",
                "pk_attr": "hash",
                "table_description": "The table of ``Code``: of the code itself, only its SHA-256.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthConsent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("username", fields.CharField(max_length=128)),
                ("client", fields.CharField(max_length=64)),
                ("scope", fields.TextField(unique=False)),
                ("given_at", fields.BigIntField()),
            ],
            options={
                "table": "auth_consent",
                "app": "auth",
                "unique_together": (("username", "client"),),
                "pk_attr": "id",
                "table_description": "The table of what a User allowed a client once and for all.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OAuthRefreshToken",
            fields=[
                ("hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("sid", fields.CharField(db_index=True, max_length=64)),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "auth_refresh_token",
                "app": "auth",
                "pk_attr": "hash",
                "table_description": "The table of refresh tokens: of the token itself, only its SHA-256.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Revocation",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ("until", fields.BigIntField()),
                ("epoch", fields.BigIntField(db_index=True)),
            ],
            options={
                "table": "auth_revocation",
                "app": "auth",
                "pk_attr": "name",
                "table_description": "The table of what is void before its time. The row of no name counts the epochs.",  # noqa: E501 - the docstring of the model
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="SigningKey",
            options={
                "table": "auth_signing_key",
                "app": "auth",
                "pk_attr": "id",
                "table_description": "The table of keys, of which at most one has the role ``signing``, and one ``next``.",  # noqa: E501 - the docstring of the model
            },
        ),
    ]
