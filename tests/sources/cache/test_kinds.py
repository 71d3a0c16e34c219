"""Whatever a connector keeps comes back from Valkey as it was."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import sources.inventory.tmf
import sources.maintenance.tmf
import sources.ticketing.tmf
from sources.billing.records import BillingAccountRecord, BillingDocumentRecord, InvoiceLineRecord
from sources.ordering.product import ProductTree
from sources.ordering.tmf import OfferingRecord
from sources.record import Record

KEPT: tuple[type[Record], ...] = (
    BillingAccountRecord,
    BillingDocumentRecord,
    InvoiceLineRecord,
    OfferingRecord,
    ProductTree,
    sources.inventory.tmf.Told,
    sources.maintenance.tmf.Told,
    sources.ticketing.tmf.Told,
)


def is_an_amount(value: object) -> bool:
    """Tell whether a value is none that no system has: no number, or more than 64 bits."""
    match value:
        case Decimal():
            return value.is_finite()
        case int():
            return abs(value) < 2**63
        case _:
            return True


@pytest.mark.parametrize("rows", KEPT, ids=lambda rows: f"{rows.__module__}.{rows.__name__}")
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_what_is_kept_comes_back_as_it_was(rows: type[Record], data: st.DataObject) -> None:
    columns = {
        each.name: st.from_type(each.type).filter(is_an_amount) for each in msgspec.structs.fields(rows)
    }
    row = data.draw(st.builds(rows, **columns))
    try:
        sent = msgspec.msgpack.encode(row)
    except OverflowError:  # the same, further inside
        reject()

    assert msgspec.msgpack.decode(sent, type=rows) == row
