"""A system that gives all it has whatever it is asked, things of two tenants and of nobody among them."""

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from sources.http import Answer, Query
from sources.keys import CustomerCode


async def parties(customer: CustomerCode) -> frozenset[str]:
    """Give what the system calls a customer."""
    return {"acme": frozenset({"1"}), "other": frozenset({"2"})}.get(customer, frozenset())


@dataclass
class Deaf:
    """An API that gives all it has, whatever it is asked."""

    things: dict[str, list[dict[str, Any]]]
    system: str = "billing"
    asked: list[str] = field(default_factory=list[str])

    async def get(self, path: str, query: Query = ()) -> Answer:
        """Give everything, or the one thing that a path names last, of whichever tenant."""
        self.asked.append(path)
        collection, _, own = path.partition("/")
        rows = self.things.get(collection, [])
        if not own:
            return Answer(status=200, body=json.dumps(rows).encode(), total=len(rows))
        named = [each for each in rows if each["id"] == own]
        return Answer(status=200, body=json.dumps(named[-1]).encode()) if named else Answer(status=404)


OWNERS = st.sampled_from(["1", "2", None])
"""The party that a thing names, if any: 1 is ``acme``, 2 is ``other``."""


def owned(thing: dict[str, Any], owner: str | None) -> dict[str, Any]:
    """Give *thing* as one of the party *owner*, or of nobody."""
    return thing if owner is None else {**thing, "relatedParty": [{"id": owner, "role": "customer"}]}
