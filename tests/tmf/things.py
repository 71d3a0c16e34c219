"""What all of TM Forum's things have alike, as they are sent."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Version: TypeAlias = Literal["v4", "v5"]


def present(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Give *thing* without what is None."""
    return {name: value for name, value in thing.items() if value is not None}


def reference(key: str | None, referred: str) -> dict[str, Any] | None:
    """Give a reference to the *referred* thing with the id *key*, None for none."""
    if key is None:
        return None
    return {"id": key, "@type": f"{referred}Ref", "@referredType": referred}


def related_parties(party: str, version: Version) -> list[dict[str, Any]]:
    """Name *party* as the customer: flat in version 4, in version 5 around the reference."""
    if version == "v4":
        return [{"id": party, "role": "customer", "@referredType": "Organization"}]
    inner = {"id": party, "@type": "PartyRef", "@referredType": "Organization"}
    return [{"role": "customer", "@type": "RelatedPartyRefOrPartyRoleRef", "partyOrPartyRole": inner}]
