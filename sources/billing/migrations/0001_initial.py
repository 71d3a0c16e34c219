"""The tables of billing accounts, documents and lines."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="BillingAccount",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("number", fields.CharField(max_length=128)),
                ("name", fields.TextField(unique=False)),
                ("status", fields.CharField(max_length=16)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("currency", fields.CharField(null=True, max_length=3)),
                ("cycle_frequency", fields.TextField(null=True, unique=False)),
                ("payment_due_days", fields.IntField(null=True)),
                ("presentation_medium", fields.TextField(null=True, unique=False)),
                ("po_number", fields.TextField(null=True, unique=False)),
                ("language", fields.TextField(null=True, unique=False)),
                ("solutions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "billing_account",
                "app": "billing",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "number", "id"]),
                    Index(fields=["customer", "name", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``BillingAccountRecord``.",
            },
            bases=["Row", "Model"],
        ),
        ops.CreateModel(
            name="BillingAccountSolution",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("account", fields.CharField(max_length=128)),
                ("solution", fields.CharField(max_length=128)),
            ],
            options={
                "table": "billing_account_solution",
                "app": "billing",
                "indexes": [
                    Index(fields=["customer", "solution", "account"]),
                    Index(fields=["customer", "account", "solution"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``ACCOUNT_SOLUTIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="BillingDocument",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("number", fields.CharField(max_length=128)),
                ("kind", fields.CharField(max_length=16)),
                ("status", fields.CharField(max_length=16)),
                ("raw_status", fields.TextField(null=True, unique=False)),
                ("issued_on", fields.DateField()),
                ("due_on", fields.DateField(null=True)),
                ("period_start", fields.DateField(null=True)),
                ("period_end", fields.DateField(null=True)),
                ("account", fields.CharField(null=True, max_length=128)),
                ("currency", fields.CharField(max_length=3)),
                ("tax_included_minor", fields.BigIntField()),
                ("tax_excluded_minor", fields.BigIntField(null=True)),
                ("tax_minor", fields.BigIntField(null=True)),
                ("amount_due_minor", fields.BigIntField(null=True)),
                ("corrects", fields.CharField(null=True, max_length=128)),
                ("solutions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "billing_document",
                "app": "billing",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "issued_on", "id"]),
                    Index(fields=["customer", "number", "id"]),
                    Index(fields=["customer", "tax_included_minor", "id"]),
                    Index(fields=["customer", "due_on", "id"]),
                    Index(fields=["customer", "account", "issued_on", "id"]),
                    Index(fields=["customer", "account", "number", "id"]),
                    Index(fields=["customer", "account", "tax_included_minor", "id"]),
                    Index(fields=["customer", "corrects", "issued_on", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``BillingDocumentRecord``.",
            },
            bases=["Row", "Model"],
        ),
        ops.CreateModel(
            name="BillingDocumentSolution",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("document", fields.CharField(max_length=128)),
                ("solution", fields.CharField(max_length=128)),
                ("issued_on", fields.DateField()),
            ],
            options={
                "table": "billing_document_solution",
                "app": "billing",
                "indexes": [
                    Index(fields=["customer", "solution", "issued_on", "document"]),
                    Index(fields=["customer", "document", "solution"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``DOCUMENT_SOLUTIONS``.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.CreateModel(
            name="InvoiceLine",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("id", fields.CharField(max_length=128)),
                ("document", fields.CharField(max_length=128)),
                ("document_status", fields.CharField(max_length=16)),
                ("account", fields.CharField(null=True, max_length=128)),
                ("position", fields.BigIntField()),
                ("label", fields.TextField(unique=False)),
                ("kind", fields.CharField(max_length=16)),
                ("raw_kind", fields.TextField(null=True, unique=False)),
                ("period_start", fields.DateField(null=True)),
                ("period_end", fields.DateField(null=True)),
                ("quantity", fields.DecimalField(null=True, max_digits=30, decimal_places=9)),
                ("unit", fields.TextField(null=True, unique=False)),
                ("currency", fields.CharField(max_length=3)),
                ("unit_rate_minor", fields.BigIntField(null=True)),
                ("tax_excluded_minor", fields.BigIntField(null=True)),
                ("tax_included_minor", fields.BigIntField(null=True)),
                ("tax_rate", fields.DecimalField(null=True, max_digits=12, decimal_places=9)),
                ("service_point", fields.CharField(null=True, max_length=128)),
                ("solution", fields.CharField(null=True, max_length=128)),
            ],
            options={
                "table": "billing_line",
                "app": "billing",
                "unique_together": (("customer", "id"),),
                "indexes": [
                    Index(fields=["customer", "document", "position", "id"]),
                    Index(fields=["customer", "service_point", "position", "id"]),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``InvoiceLineRecord``.",
            },
            bases=["Row", "Model"],
        ),
    ]
