"""How long it takes to make records of what TM Forum's APIs send: ``python -m bench.decoding``.

A thousand tickets of 1.3 kB each, as one page; the time of the processor, the best and the middle of many
rounds, with the garbage collector as a serving process has it. Beside it what the same tickets take as
rows of PostgreSQL, after the driver.
"""

import json
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from statistics import median
from time import process_time
from typing import Any, Final

from servicespace.memory import settle
from sources.decode import decoder
from sources.keys import CustomerCode
from sources.statement import Postgres
from sources.ticketing import TicketRecord
from sources.ticketing.tmf import TICKETS
from sources.ticketing.wire import TroubleTicket, read_ticket, ticket_record
from sources.tmf.page import read_each
from sources.tmf.settings import ROLES, Version
from sources.tmf.tenancy import Owners

ROWS: Final = 1_000
ROUNDS: Final = 50
CUSTOMER: Final = CustomerCode("acme")
OWNERS: Final = Owners(frozenset({"9176"}), ROLES)


def main() -> None:
    """Print what each step takes, in milliseconds."""
    settle()
    for version in Version:
        content = json.dumps([_ticket(number, version) for number in range(ROWS)]).encode()
        rows = TICKETS.read(content).rows
        steps: dict[str, Callable[[], object]] = {
            "bytes to things": partial(TICKETS.read, content),
            "whose they are": partial(_owned, rows),
            "things to records": partial(_made, rows),
            "bytes to records": partial(_records, content),
            "bytes to records with notes": partial(_told, content),
            "bytes to things, row by row": partial(read_each, content, read_ticket),
            "rows to records": partial(decoder(TicketRecord, Postgres()), _rows(_made(rows))),
        }
        print(f"{version.value}: {ROWS} tickets of {len(content) // ROWS} bytes")  # noqa: T201 - the result
        for name, step in steps.items():
            best, middle = milliseconds(step)
            print(f"  {name:28} best {best:6.2f} ms, middle {middle:6.2f} ms")  # noqa: T201 - the result


def _owned(rows: Sequence[TroubleTicket]) -> Sequence[TroubleTicket]:
    return [each for each in rows if TICKETS.owned(each, OWNERS)]


def _made(rows: Sequence[TroubleTicket]) -> Sequence[TicketRecord]:
    return [ticket_record(each, CUSTOMER) for each in rows]


def _rows(records: Sequence[TicketRecord]) -> list[tuple[Any, ...]]:
    """Give *records* as the driver gives rows."""
    columns = [[getattr(each, name) for each in records] for name in TicketRecord.__struct_fields__]
    return list(
        zip(*([one.value if isinstance(one, Enum) else one for one in each] for each in columns), strict=True)
    )


def _records(content: bytes) -> Sequence[object]:
    return _made(_owned(TICKETS.read(content).rows))


def _told(content: bytes) -> Sequence[object]:
    return [TICKETS.make(each, CUSTOMER) for each in _owned(TICKETS.read(content).rows)]


def milliseconds(step: Callable[[], object]) -> tuple[float, float]:
    """Give the best and the middle time of the processor that *step* takes."""
    taken: list[float] = []
    for _ in range(ROUNDS):
        start = process_time()
        step()
        taken.append((process_time() - start) * 1_000)
    return min(taken), median(taken)


def _ticket(number: int, version: Version) -> dict[str, Any]:
    """Give an incident with what real ones have: a note, what it is about, whose it is, how it went."""
    v4 = version is Version.V4
    about = [
        {"id": f"P-{number % 100}", "href": "https://serverRoot/product/1", "@referredType": "Product"},
        {"id": f"R-{number % 300}", "href": "https://serverRoot/resource/1", "@referredType": "Resource"},
    ]
    party = {"id": "9176", "href": "https://serverRoot/organization/9176", "@referredType": "Organization"}
    change = {"status": "inProgress", "changeDate" if v4 else "statusChangeDate": "2026-01-05T09:00:00Z"}
    return {
        "id": f"TT-{number:08d}",
        "href": f"https://serverRoot/tmf-api/troubleTicket/{version.value}/troubleTicket/TT-{number:08d}",
        "name": f"Router unreachable {number}",
        "description": "More than 3 % of packets are lost on the access line since this morning.",
        "externalId" if v4 else "externalIdentifier": f"C-{number}" if v4 else [{"id": f"C-{number}"}],
        "ticketType": "incident",
        "status": "inProgress",
        "statusChangeReason": "Technician sent",
        "priority": "High",
        "severity": "Major",
        "creationDate": "2026-01-05T07:34:45.968Z",
        "lastUpdate": "2026-01-05T09:34:45.968Z",
        "expectedResolutionDate": "2026-01-06T07:34:45.968Z",
        "channel": {"id": "8774", "name": "self service", "@type": "Channel"},
        "note": [{"id": "1", "author": "Jo", "date": "2026-01-05T08:34:45.968Z", "text": "On the way"}],
        "relatedEntity": about if v4 else [{"role": "affected", "entity": each} for each in about],
        "relatedParty": [
            {**party, "role": "customer"} if v4 else {"role": "customer", "partyOrPartyRole": party}
        ],
        "statusChange" if v4 else "statusChangeHistory": [change],
        "@type": "TroubleTicket",
        "@schemaLocation": "https://serverRoot/tmf-api/troubleTicket/schema/troubleTicket.yml",
    }


if __name__ == "__main__":
    main()
