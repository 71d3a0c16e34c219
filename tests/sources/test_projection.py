"""Every system gives rows with the columns that are wanted, and the same rows as with all of them."""

from datetime import date
from typing import Any, Final, get_type_hints

import pytest
from msgspec.structs import replace

from loaders.operation import Systems
from sources.billing import BillingDocumentKind, BillingDocumentRecord, BillingDocumentStatus
from sources.keys import BillingDocumentId
from sources.listing import Filter
from sources.money import Money
from sources.projection import columns_of, projected, wanted
from sources.record import Record
from tests.sources.methods import (
    ACME,
    METHODS,
    SOURCES,
    WHOLE,
    every_key,
    inner,
    listing,
    rows_of,
    whole_world,
)

INVOICE: Final = BillingDocumentRecord(
    customer=ACME,
    id=BillingDocumentId("I1"),
    number="2026-1",
    kind=BillingDocumentKind.INVOICE,
    status=BillingDocumentStatus.SENT,
    issued_on=date(2026, 3, 1),
    currency="EUR",
    tax_included_minor=12_000,
)


@pytest.mark.parametrize(("system", "name"), METHODS)
async def test_gives_the_same_rows_with_the_columns_that_are_wanted(
    systems: Systems, system: str, name: str
) -> None:
    hints = get_type_hints(vars(SOURCES[system])[name])
    record = inner(hints["return"], Record)
    keys = every_key(await whole_world())
    asked: list[Any] = [keys]
    if "listing" in hints:
        asked.append(listing(record, inner(hints["listing"], Filter)))
    read = next(each for each in reversed(record.__struct_fields__) if each not in record.essential)
    ask = getattr(getattr(systems, system), name)

    whole = await ask(WHOLE, *asked)
    some = await ask(replace(WHOLE, columns={record: frozenset({read})}), *asked)

    all_rows = [(key, row) for key in whole for row in rows_of(whole[key])]
    some_rows = [(key, row) for key in whole for row in rows_of(some[key])]
    assert all_rows
    assert whole.keys() == some.keys()
    for (key, one), (other, part) in zip(all_rows, some_rows, strict=True):
        assert (key, one.id, getattr(one, read)) == (other, part.id, getattr(part, read))
        assert part.whole is record


def part(*columns: str) -> BillingDocumentRecord:
    kind: Any = projected(BillingDocumentRecord, frozenset(columns) | BillingDocumentRecord.essential)
    made: BillingDocumentRecord = kind(**{name: getattr(INVOICE, name) for name in kind.__struct_fields__})
    return made


def test_has_what_is_computed_from_the_columns_that_were_fetched() -> None:
    assert part("tax_included_minor", "currency").amount == Money(12_000, "EUR")


def test_never_takes_a_column_that_was_not_fetched_for_an_empty_one() -> None:
    some = part("tax_included_minor")

    with pytest.raises(AttributeError, match="account"):
        _ = some.account
    with pytest.raises(AttributeError, match="currency"):
        _ = some.amount
    with pytest.raises(AttributeError, match="status"):
        some.within(WHOLE)


def test_is_the_record_itself_with_all_its_columns() -> None:
    assert projected(BillingDocumentRecord, columns_of(BillingDocumentRecord, None)) is BillingDocumentRecord


def test_reads_each_property_from_the_columns_that_it_names() -> None:
    for record in Record.__subclasses__():
        if record.whole is record and record.__module__.startswith("sources."):
            properties = {name for name, made in vars(record).items() if isinstance(made, property)}
            columns = {column for names in record.derived.values() for column in names}
            assert properties == set(record.derived), record
            assert columns <= set(record.__struct_fields__), record


def test_fetches_what_is_verified_whatever_is_wanted() -> None:
    scope = replace(WHOLE, columns={}, solutions=frozenset({"S1"}), accounts=frozenset({"A1"}))
    always = {"customer", "id", "kind", "status"}

    assert wanted(BillingDocumentRecord, scope) == always | {"solutions", "account"}
    assert wanted(BillingDocumentRecord, replace(WHOLE, columns={}), "number") == always | {"number"}
