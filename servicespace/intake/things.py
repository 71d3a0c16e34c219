"""The things of TM Forum's in a file: which kinds are taken in, and how each is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from typing import Any, Final, Generic, TypeVar

from servicespace.intake.report import Report
from sources.billing.wire import read_account, read_bill, read_rate
from sources.inventory.wire import read_resource
from sources.ordering.wire import read_product
from sources.ticketing.wire import read_ticket
from sources.tmf import Ref, TmfError, decode, fold, items, key

W = TypeVar("W", bound=Ref)
V = TypeVar("V", bound=Ref)
R = TypeVar("R")


class Kind(Enum):
    """The kinds that are taken in."""

    PRODUCT = "Product"
    RESOURCE = "Resource"
    ACCOUNT = "BillingAccount"
    BILL = "CustomerBill"
    RATE = "AppliedCustomerBillingRate"
    TICKET = "TroubleTicket"


_READERS: Final[Mapping[Kind, Callable[[Mapping[str, Any]], Ref]]] = {
    Kind.PRODUCT: read_product,
    Kind.RESOURCE: read_resource,
    Kind.ACCOUNT: read_account,
    Kind.BILL: read_bill,
    Kind.RATE: read_rate,
    Kind.TICKET: read_ticket,
}

_NAMES: Final[Mapping[str, Kind]] = {
    **{fold(kind.value): kind for kind in Kind},
    "physicalresource": Kind.RESOURCE,
    "logicalresource": Kind.RESOURCE,
    "resourcefunction": Kind.RESOURCE,
    "softwareresource": Kind.RESOURCE,
}
"""The kinds by the folded names that ``@type`` and ``@baseType`` have for them."""

_OTHERS: Final = frozenset(
    {
        "billcycle",
        "billcyclespecification",
        "billformat",
        "billingcyclespecification",
        "billpresentationmedia",
        "cancelproductorder",
        "changerequest",
        "customerbillondemand",
        "document",
        "financialaccount",
        "partyaccount",
        "productorder",
        "productoffering",
        "quote",
        "settlementaccount",
    }
)
"""Kinds that other APIs have, folded; a file with such a name is left out even where it says no ``@type``."""


@dataclass(frozen=True, slots=True)
class Thing(Generic[W]):
    """One thing of a file; ``content`` is its own JSON."""

    file: str
    kind: Kind
    id: str
    wire: W
    content: bytes

    def instead(self, wire: V) -> "Thing[V]":
        """Give another thing that was sent inside this one."""
        return Thing(self.file, self.kind, key(wire.id), wire, self.content)


def things_in(file: str, content: bytes, report: Report) -> Iterator[Thing[Any]]:
    """Give the things in *content* that are taken in; the others are told to *report*."""
    try:
        several = items(content)
    except TmfError as error:
        report.refuse(file, "", str(error), content)
        return
    for each in several:
        try:
            thing = _thing(file, each, report)
        except TmfError as error:
            report.refuse(file, "", str(error), each)
        else:
            if thing is not None:
                yield thing


def latest(things: Iterable[Thing[Any]], report: Report) -> dict[Kind, list[Thing[Any]]]:
    """Give the things by kind, of two with one id the later: files come in the order of their names."""
    found: dict[tuple[Kind, str], Thing[Any]] = {}
    for each in things:
        before = found.pop((each.kind, each.id), None)
        if before is not None:
            report.leave_out(before.file, each.kind.value, f"{each.id}: given again in {each.file}")
        found[each.kind, each.id] = each
    return {kind: [each for each in found.values() if each.kind is kind] for kind in Kind}


def built(things: Iterable[Thing[W]], make: Callable[[W], R], report: Report) -> Iterator[tuple[Thing[W], R]]:
    """Give what *make* makes of each thing; what it refuses is quarantined."""
    for each in things:
        try:
            made = make(each.wire)
        except TmfError as error:
            report.refuse(each.file, each.kind.value, f"{each.id}: {error}", each.content)
        else:
            yield each, made


def _thing(file: str, content: bytes, report: Report) -> Thing[Any] | None:
    thing = decode(content)
    said = [
        each for name in ("@type", "@basetype") if isinstance(each := thing.get(name), str) and fold(each)
    ]
    stem = PurePosixPath(file).name.partition(".")[0]
    names = [fold(each) for each in (*said, stem)]
    named = next(
        (each for each in (*names, names[-1].removesuffix("s")) if each in _NAMES or each in _OTHERS), None
    )
    if named is None and not said:
        raise TmfError("no kind: neither @type nor @baseType says what it is, nor does the file's name")
    if named is None or named in _OTHERS:
        report.leave_out(file, (said[0] if said else stem)[:60], "not a kind that is taken in")
        return None
    kind = _NAMES[named]
    try:
        wire = _READERS[kind](thing)
    except TmfError as error:
        report.refuse(file, kind.value, str(error), content)
        return None
    return Thing(file, kind, key(wire.id), wire, content)
