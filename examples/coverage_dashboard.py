"""A dashboard of coverage: each feature, how far it is covered, why not further, since and until when.

    python examples/coverage_dashboard.py http://127.0.0.1:8000 TOKEN

Needs Python and nothing else.
"""

import json
import sys
from urllib.request import Request, urlopen

QUERY = """{
  viewer {
    customer { name portalOption }
    coverage { feature state level reason coveredBy since until solutions { name } }
  }
  featureCatalog { feature description }
}"""

WAYS_OUT = {
    "NOT_ORDERED": "order one of {categories}",
    "OPTION": "order the optional module",
    "PAID": "order the paid line",
    "PORTAL_OPTION": "a bigger portal option",
    "NOT_OFFERED": "not offered",
    "TERMINATED": "what covered it is no longer provided",
}


def ask(address: str, token: str, query: str) -> dict:
    """Send a query and give its data; end with the error's sentence where there is none."""
    request = Request(
        f"{address}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    with urlopen(request, timeout=10) as response:
        answer = json.load(response)
    if answer.get("data") is None:
        sys.exit("\n".join(each["message"] for each in answer["errors"]))
    return answer["data"]


def way_out(covered: dict) -> str:
    """Say what would cover a feature whole, and until when it is as it is."""
    if covered["state"] == "ALL":
        said = "reading only" if covered["level"] == "READ" else ""
    else:
        said = WAYS_OUT[covered["reason"]].format(categories=", ".join(covered["coveredBy"]))
    return f"{said} (until {covered['until']})".strip() if covered["until"] else said


def main() -> None:
    """Print the dashboard."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data = ask(sys.argv[1], sys.argv[2], QUERY)
    customer = data["viewer"]["customer"]
    described = {each["feature"]: each["description"] for each in data["featureCatalog"]}
    print(f"{customer['name']}, {customer['portalOption']}\n")
    for each in data["viewer"]["coverage"]:
        print(f"{each['state']:5} {each['feature']:22} {described[each['feature']]}")
        if note := way_out(each):
            print(f"{'':28} → {note}")


if __name__ == "__main__":
    main()
