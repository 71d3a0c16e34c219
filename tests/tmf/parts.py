"""What the things of TM Forum's APIs have alike, as versions 4 and 5 write it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sources.tmf.settings import Version


def said(moment: datetime | None) -> str | None:
    """Give a time as it is sent."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def dropped(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Give *thing* without what is empty."""
    return {name: value for name, value in thing.items() if value is not None and value != []}


def party(own: str, role: str, version: Version) -> dict[str, Any]:
    """Give a related party: flat in version 4, in version 5 around the reference."""
    reference = {"id": own, "href": f"https:/host:port/party/{own}x", "@referredType": "Organization"}
    if version is Version.V4:
        return {**reference, "role": role}
    return {"role": role, "partyOrPartyRole": {**reference, "@type": "PartyRef"}}


def entities(about: Iterable[tuple[str, str | None]], version: Version) -> list[dict[str, Any]]:
    """Give related entities of these types and ids, but those without an id."""
    references = [
        {"id": own, "href": f"http://localhost:8000/{own}0", "@referredType": kind}
        for kind, own in about
        if own is not None
    ]
    if version is Version.V4:
        return [{**each, "role": "affected"} for each in references]
    return [{"role": "affected", "entity": each} for each in references]


def reference(own: str | None, referred: str) -> dict[str, Any] | None:
    """Give a reference to the *referred* thing with the id *own*, None for none."""
    if own is None:
        return None
    return {
        "id": own,
        "href": f"https://host:port/{own}9",
        "@type": f"{referred}Ref",
        "@referredType": referred,
    }
