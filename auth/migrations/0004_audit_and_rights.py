"""The audit log, and what Users may do; those there are may do all, as they could."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

_ALL = (
    '{"administrator":true,"roles":{"ORDERS":"MANAGER","DISCONNECTS":"MANAGER","BILLING":"MANAGER",'
    '"SELFCARE":"MANAGER","INCIDENTS":"MANAGER","CHANGES":"MANAGER","INVENTORY":"MANAGER",'
    '"REPORTING":"MANAGER","MAINTENANCE":"MANAGER","DOCUMENTS":"MANAGER"}}'
)

_SQLITE = """
    CREATE TRIGGER auth_audit_{verb} BEFORE {verb} ON auth_audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
_POSTGRES = """
    CREATE FUNCTION auth_audit_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'the audit log is append-only'; END$$;
    CREATE TRIGGER auth_audit_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON auth_audit
    FOR EACH STATEMENT EXECUTE FUNCTION auth_audit_keep()
"""


async def keep(_: StateApps, editor: BaseSchemaEditor) -> None:
    """Have the database refuse to change or remove a line."""
    if editor.client.capabilities.dialect == "sqlite":
        statements = [_SQLITE.format(verb=each) for each in ("UPDATE", "DELETE")]
    else:
        statements = [_POSTGRES]
    for each in statements:
        await editor.client.execute_script(each)


class Add(ops.AddField):
    """AddField, to a table that has rows already."""

    async def database_forward(
        self,
        app_label: str,  # noqa: ARG002 - as Tortoise calls it
        old_state: State,  # noqa: ARG002 - as Tortoise calls it
        new_state: State,  # noqa: ARG002 - as Tortoise calls it
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Add the column."""
        if state_editor is not None:
            json = "JSONB" if state_editor.client.capabilities.dialect == "postgres" else "JSON"
            kind = {"rights": f"{json} NOT NULL DEFAULT '{{}}'", "valid_from": "BIGINT NOT NULL DEFAULT 0"}
            statement = f"ALTER TABLE auth_user ADD COLUMN {self.name} {kind[self.name]}"
            await state_editor.client.execute_script(statement)


class Migration(migrations.Migration):
    dependencies = [("auth", "0003_coverage_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("action", fields.CharField(max_length=64)),
                ("customer", fields.CharField(max_length=64)),
                ("actor", fields.CharField(max_length=160)),
                ("subject", fields.CharField(max_length=160)),
                ("source", fields.CharField(max_length=64)),
                ("details", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "auth_audit",
                "app": "auth",
                "indexes": [Index(fields=["customer", "id"])],
                "pk_attr": "id",
                "table_description": "The table of ``AuditLine``: the database changes and removes none.",
            },
            bases=["Model"],
        ),
        Add(
            model_name="User",
            name="rights",
            field=fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads),
        ),
        Add(model_name="User", name="valid_from", field=fields.BigIntField(default=0)),
        ops.RunSQL(f"UPDATE auth_user SET rights = '{_ALL}'"),  # noqa: S608 - a constant
        ops.RunPython(keep),
    ]
