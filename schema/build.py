"""The one schema of the service, built when it is first imported."""

from typing import Final

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.invoice import CreditNote, Invoice
from schema.query import Query
from schema.scalars import SCALARS

SCHEMA: Final = strawberry.Schema(
    query=Query, types=[Invoice, CreditNote], config=StrawberryConfig(scalar_map=SCALARS)
)
"""The published schema."""

TYPES: Final[GraphQLSchema] = SCHEMA._schema  # noqa: SLF001 - Strawberry has no public name for it


def sdl() -> str:
    """Give the published schema as text, ``@covered`` included."""
    return f"{SCHEMA.as_str()}\n"
