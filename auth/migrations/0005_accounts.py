"""Accounts: credentials, one-time links, attempts, sessions of browsers, mails, and what customers demand."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("auth", "0004_audit_and_rights")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AttemptCount",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=160)),
                ("failures", fields.IntField()),
                ("locks", fields.IntField()),
                ("locked_until", fields.BigIntField()),
                ("at", fields.BigIntField()),
            ],
            options={
                "table": "auth_attempt",
                "app": "auth",
                "indexes": [Index(fields=["at"])],
                "pk_attr": "name",
                "table_description": (
                    "The table of attempts by the name of what they are "
                    "counted for. Times are in seconds since 1970."
                ),
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BrowserSession",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("name", fields.CharField(unique=True, max_length=32)),
                ("username", fields.CharField(max_length=128)),
                ("step", fields.CharField(max_length=8)),
                ("methods", fields.CharField(max_length=32)),
                ("at", fields.BigIntField()),
                ("seen_at", fields.BigIntField()),
                ("source", fields.CharField(max_length=64)),
                ("agent", fields.CharField(max_length=160)),
            ],
            options={
                "table": "auth_browser_session",
                "app": "auth",
                "indexes": [Index(fields=["username"])],
                "pk_attr": "digest",
                "table_description": (
                    "The table of sessions. Times are in seconds since 1970, ``name`` is no secret."
                ),
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Credential",
            fields=[
                ("username", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ("password_hash", fields.TextField(null=True, unique=False)),
                ("totp_secret", fields.CharField(null=True, max_length=64)),
                ("totp_pending", fields.CharField(null=True, max_length=64)),
                ("totp_step", fields.BigIntField()),
                ("recovery", fields.TextField(unique=False)),
                ("created_at", fields.BigIntField()),
                ("last_used_at", fields.BigIntField(null=True)),
                ("cancelled_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "auth_credential",
                "app": "auth",
                "pk_attr": "username",
                "table_description": "The table of what Users sign in with. Times are in seconds since 1970.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CustomerPolicy",
            fields=[
                ("customer", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("second_factor", fields.BooleanField()),
                ("email_domains", fields.TextField(unique=False)),
            ],
            options={
                "table": "auth_customer_policy",
                "app": "auth",
                "pk_attr": "customer",
                "table_description": "The table of ``Policy``.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OneTimeLink",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("username", fields.CharField(max_length=128)),
                ("purpose", fields.CharField(max_length=16)),
                ("expires_at", fields.BigIntField()),
            ],
            options={
                "table": "auth_link",
                "app": "auth",
                "indexes": [Index(fields=["username"])],
                "pk_attr": "digest",
                "table_description": (
                    "The table of links that set a password. Of each only the digest is kept."
                ),
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=16)),
                ("customer", fields.CharField(max_length=64)),
                ("username", fields.CharField(max_length=128)),
                ("recipient", fields.CharField(max_length=254)),
                ("delivery", fields.CharField(max_length=8)),
                ("reason", fields.CharField(max_length=254)),
                ("attempts", fields.IntField()),
                ("created_at", fields.BigIntField()),
                ("next_at", fields.BigIntField()),
                ("claimed_until", fields.BigIntField()),
            ],
            options={
                "table": "auth_mail",
                "app": "auth",
                "indexes": [Index(fields=["delivery", "next_at"]), Index(fields=["username", "id"])],
                "pk_attr": "id",
                "table_description": "The table of mails. Times are in seconds since 1970.",
            },
            bases=["Model"],
        ),
    ]
