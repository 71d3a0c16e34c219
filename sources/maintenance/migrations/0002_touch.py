"""One table of touches in place of four of keys: what an event does to one thing stays together.

The touches are made of the impacts on the operator's network; the keys told less.
"""

from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

_FILL = """
    INSERT INTO maintenance_touch (
        customer, event, solution, location, component, service_point, rank,
        first_solution, first_location, first_component, first_service_point, starts_at
    )
    SELECT customer, event, solution, location, component, service_point, rank,
        ROW_NUMBER() OVER (PARTITION BY customer, event, solution) = 1,
        ROW_NUMBER() OVER (PARTITION BY customer, event, location) = 1,
        ROW_NUMBER() OVER (PARTITION BY customer, event, component) = 1,
        ROW_NUMBER() OVER (PARTITION BY customer, event, service_point) = 1,
        starts_at
    FROM (
        SELECT DISTINCT i.customer, i.event, i.solution, i.location, i.component, i.service_point,
            CASE i.level
                WHEN 'OUTAGE' THEN 3 WHEN 'DEGRADED' THEN 2 WHEN 'REDUCED_REDUNDANCY' THEN 1 ELSE 0
            END AS rank,
            e.starts_at
        FROM maintenance_impact i JOIN maintenance_event e ON e.customer = i.customer AND e.id = i.event
        WHERE i.segment = 'OPERATOR_NETWORK'
    ) d
"""

# In the order in which events keep them: by code point, what is not known first.
_TELL_SQLITE = """
    UPDATE maintenance_event SET touches = (
        SELECT json_group_array(json_array(k.solution, k.location, k.component, k.service_point,
            CASE k.rank
                WHEN 3 THEN 'OUTAGE' WHEN 2 THEN 'DEGRADED' WHEN 1 THEN 'REDUCED_REDUNDANCY' ELSE 'NO_IMPACT'
            END
        ))
        FROM (
            SELECT * FROM maintenance_touch o
            WHERE o.customer = maintenance_event.customer AND o.event = maintenance_event.id
            ORDER BY o.solution, o.location, o.component, o.service_point, o.rank
        ) k
    )
"""

_TELL_POSTGRES = """
    UPDATE maintenance_event SET touches = COALESCE((
        SELECT json_agg(
            json_build_array(k.solution, k.location, k.component, k.service_point,
                CASE k.rank
                    WHEN 3 THEN 'OUTAGE' WHEN 2 THEN 'DEGRADED' WHEN 1 THEN 'REDUCED_REDUNDANCY'
                    ELSE 'NO_IMPACT'
                END
            )
            ORDER BY k.solution COLLATE "C" NULLS FIRST, k.location COLLATE "C" NULLS FIRST,
                k.component COLLATE "C" NULLS FIRST, k.service_point COLLATE "C" NULLS FIRST, k.rank
        )::text
        FROM maintenance_touch k
        WHERE k.customer = maintenance_event.customer AND k.event = maintenance_event.id
    ), '[]')
"""


async def fill(_: StateApps, editor: BaseSchemaEditor) -> None:
    """Make the touches of the stored impacts."""
    await _run(editor, _FILL)


async def tell(_: StateApps, editor: BaseSchemaEditor) -> None:
    """Have each event keep its touches."""
    is_sqlite = editor.client.capabilities.dialect == "sqlite"
    await _run(editor, _TELL_SQLITE if is_sqlite else _TELL_POSTGRES)


async def _run(editor: BaseSchemaEditor, text: str) -> None:
    untyped: Any = editor.client  # what its methods give is partly unknown
    await untyped.execute_query(text)


class Add(ops.AddField):
    """AddField, to a table that has rows already."""

    async def database_forward(
        self,
        app_label: str,  # noqa: ARG002 - as Tortoise calls it
        old_state: State,  # noqa: ARG002 - as Tortoise calls it
        new_state: State,  # noqa: ARG002 - as Tortoise calls it
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Add the column; rows that are there touch nothing yet."""
        if state_editor is not None:
            await _run(
                state_editor,
                f"ALTER TABLE maintenance_event ADD COLUMN {self.name} TEXT NOT NULL DEFAULT '[]'",
            )


class Drop(ops.RemoveField):
    """RemoveField, for SQLite too: there, Tortoise makes the table anew and forgets what is unique in it."""

    async def database_forward(
        self,
        app_label: str,  # noqa: ARG002 - as Tortoise calls it
        old_state: State,  # noqa: ARG002 - as Tortoise calls it
        new_state: State,  # noqa: ARG002 - as Tortoise calls it
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        """Drop the column."""
        if state_editor is not None:
            await _run(state_editor, f"ALTER TABLE maintenance_event DROP COLUMN {self.name}")


class Migration(migrations.Migration):
    dependencies = [("maintenance", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="EventTouch",
            fields=[
                ("serial", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("customer", fields.CharField(max_length=64)),
                ("event", fields.CharField(max_length=128)),
                ("solution", fields.CharField(null=True, max_length=128)),
                ("location", fields.CharField(null=True, max_length=128)),
                ("component", fields.CharField(null=True, max_length=128)),
                ("service_point", fields.CharField(null=True, max_length=128)),
                ("rank", fields.SmallIntField()),
                ("first_solution", fields.BooleanField()),
                ("first_location", fields.BooleanField()),
                ("first_component", fields.BooleanField()),
                ("first_service_point", fields.BooleanField()),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "maintenance_touch",
                "app": "maintenance",
                "indexes": [
                    Index(fields=["customer", "solution", "starts_at", "event"]),
                    Index(fields=["customer", "location", "starts_at", "event"]),
                    Index(fields=["customer", "component", "starts_at", "event"]),
                    Index(fields=["customer", "service_point", "starts_at", "event"]),
                    Index(
                        fields=[
                            "customer",
                            "event",
                            "rank",
                            "solution",
                            "location",
                            "component",
                            "service_point",
                        ]
                    ),
                ],
                "pk_attr": "serial",
                "table_description": "The table of ``TOUCHES``: a row for each ``Touch`` of an event.",
            },
            bases=["LinkRow", "Model"],
        ),
        ops.RunPython(fill),
        Add(model_name="Event", name="touches", field=fields.TextField(unique=False)),
        ops.RunPython(tell),
        Drop(model_name="Event", name="components"),
        Drop(model_name="Event", name="locations"),
        Drop(model_name="Event", name="service_points"),
        Drop(model_name="Event", name="solutions"),
        ops.DeleteModel(name="EventComponent"),
        ops.DeleteModel(name="EventLocation"),
        ops.DeleteModel(name="EventServicePoint"),
        ops.DeleteModel(name="EventSolution"),
    ]
