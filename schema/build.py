"""The one schema of the service, built when it is first imported."""

from copy import copy
from typing import Final

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.invoice import CreditNote, Invoice
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

SCHEMA: Final = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Invoice, CreditNote],
    config=StrawberryConfig(scalar_map=SCALARS),
)
"""The published schema."""

TYPES: Final[GraphQLSchema] = SCHEMA._schema  # noqa: SLF001 - no public name # pyright: ignore[reportPrivateUsage] - no public name


def sdl(types: GraphQLSchema = TYPES) -> str:
    """Give *types*, the published ones or a customer's part of them, as text, ``@covered`` included."""
    view = copy(SCHEMA)
    view._schema = types  # noqa: SLF001 - what it prints; no public way # pyright: ignore[reportPrivateUsage] - no public way
    return f"{view.as_str()}\n"
