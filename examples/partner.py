"""A partner's integration: it learns at start what a customer's Solutions cover, and asks for no more.

    python examples/partner.py http://127.0.0.1:8000 TOKEN

Needs Python and nothing else.
"""

import json
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PARTS = {
    "Ticket.reference": "tickets(first: 5) { nodes { reference title status } }",
    "Component.name": "components(first: 5) { nodes { name kind status } }",
    "MaintenanceEvent.reference": "maintenanceEvents(first: 5) { nodes { reference startsAt level } }",
}
"""What is asked for, by the coordinate that decides whether it may be."""


class Service:
    """The service, asked in strict mode: what is not covered is an unknown name."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.headers = {"Authorization": f"Bearer {token}", "Coverage-Mode": "strict"}

    def ask(self, query: str, variables: dict | None = None) -> dict:
        """Send a query and give the answer, refused or not."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {**self.headers, "Content-Type": "application/json"}
        with urlopen(Request(f"{self.address}/graphql", body, headers), timeout=10) as response:
            return json.load(response)

    def schema(self, etag: str = "") -> tuple[str, int]:
        """Give the ETag of the customer's own schema and its length, 0 where it is the one of *etag*."""
        request = Request(f"{self.address}/schema.graphql", headers={**self.headers, "If-None-Match": etag})
        try:
            with urlopen(request, timeout=10) as response:
                return response.headers["ETag"], len(response.read())
        except HTTPError as error:
            if error.code == 304:
                return etag, 0
            raise


def main() -> None:
    """Look before asking, then ask for what is covered."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    service = Service(sys.argv[1], sys.argv[2])
    etag, length = service.schema()
    _, again = service.schema(etag)
    print(f"own schema {etag}: {length} characters, {again} when asked again")

    look = """query ($of: [String!]!) {
      coverageOf(coordinates: $of) { coordinate state needs { feature reason } }
    }"""
    told = service.ask(look, {"of": list(PARTS)})["data"]["coverageOf"]
    for each in told:
        needs = ", ".join(need["feature"] for need in each["needs"])
        print(f"{each['coordinate']}: {each['state']} (needs {needs})")

    covered = [PARTS[each["coordinate"]] for each in told if each["state"] != "NONE"]
    answer = service.ask("{ viewer { username } " + " ".join(covered) + " }")
    print(json.dumps(answer["data"], indent=2, ensure_ascii=False))

    for each in told:
        if each["state"] == "NONE":
            refused = service.ask("{ " + PARTS[each["coordinate"]] + " }")
            print(f"refused: {refused['errors'][0]['message']}")


if __name__ == "__main__":
    main()
