"""Billing accounts, documents and lines, and which Solutions they bill."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from servicespace.intake.products import Products
from servicespace.intake.report import STORED, Report
from servicespace.intake.stores import Stores, save
from servicespace.intake.things import Kind, Thing, built
from sources.billing import BillingAccountRecord, BillingDocumentRecord, InvoiceLineRecord
from sources.billing.wire import account_record, document_record, line_record, named_account
from sources.keys import BillingAccountId, BillingDocumentId, InvoiceLineId, ServicePointId, SolutionId
from sources.tmf import Ref, TmfError, optional_key

Documents = dict[BillingDocumentId, tuple[str, BillingDocumentRecord]]
Lines = dict[InvoiceLineId, tuple[str, InvoiceLineRecord]]
Accounts = dict[BillingAccountId, tuple[str, BillingAccountRecord]]


async def take_bills(
    stores: Stores, things: dict[Kind, list[Thing[Any]]], products: Products, report: Report
) -> dict[BillingDocumentId, BillingDocumentRecord]:
    """Take in accounts, bills and rates; give the documents of this import, and those that its lines are on.

    Stored lines of products that have only now become known follow them, and so do their documents.
    """
    rates = [each for each in things[Kind.RATE] if _billed(each, report)]
    lines = await _lines(stores, rates, products, report)
    documents = await _documents(stores, things[Kind.BILL], lines, report)
    named = [*_named(things[Kind.BILL]), *_named(rates), *products.accounts]
    accounts = await _accounts(stores, things[Kind.ACCOUNT], named, report)
    await _tie_accounts(stores, accounts, documents, products)
    await save(report, "billing account", accounts.values(), stores.billing.save_billing_accounts)
    await save(report, "billing document", documents.values(), stores.billing.save_documents)
    await save(report, "line", lines.values(), stores.billing.save_lines)
    return {key: row for key, (_, row) in documents.items()}


def _billed(thing: Thing[Any], report: Report) -> bool:
    if thing.wire.document is None:
        report.leave_out(thing.file, thing.kind.value, f"{thing.id}: is on no bill yet")
    return thing.wire.document is not None


async def _lines(stores: Stores, things: Sequence[Thing[Any]], products: Products, report: Report) -> Lines:
    new = {
        row.id: (thing.file, row)
        for thing, row in built(things, lambda wire: line_record(wire, stores.code), report)
    }
    await products.learn(row.service_point for _, row in new.values() if row.service_point)
    known = {each.id: each for each in await stores.billing.known_lines(stores.code, new)}
    on_documents = await stores.billing.known_lines_by_document(
        stores.code, {row.document for _, row in new.values()}
    )
    last: dict[BillingDocumentId, int] = {}
    for each in on_documents:
        last[each.document] = max(last.get(each.document, 0), each.position)
    found: Lines = {}
    for key, (file, row) in sorted(new.items()):
        stayed = key in known and known[key].document == row.document
        position = row.position or (known[key].position if stayed else last.get(row.document, 0) + 1)
        last[row.document] = max(last.get(row.document, 0), position)
        found[key] = file, _placed(replace(row, position=position), products)
    ids = [ServicePointId(each) for each in products.new]
    for row in await stores.billing.known_lines_by_service_point(stores.code, ids):
        if row.id not in found and (placed := _placed(row, products)) != row:
            found[row.id] = STORED, placed
    return found


def _placed(line: InvoiceLineRecord, products: Products) -> InvoiceLineRecord:
    if line.service_point is None:
        return line
    service_point, solution = products.place(line.service_point)
    return replace(line, service_point=service_point, solution=solution)


async def _documents(stores: Stores, things: Sequence[Thing[Any]], lines: Lines, report: Report) -> Documents:
    """Give the documents of this import and those of its lines, each with the Solutions of all its lines."""
    new = built(things, lambda wire: document_record(wire, stores.code), report)
    found = {row.id: (thing.file, row) for thing, row in new}
    others = {row.document for _, row in lines.values()} - set(found)
    found |= {each.id: (STORED, each) for each in await stores.billing.known_documents(stores.code, others)}
    billed: dict[BillingDocumentId, set[SolutionId]] = {}
    stored = await stores.billing.known_lines_by_document(stores.code, found)
    for line in [*(each for each in stored if each.id not in lines), *(row for _, row in lines.values())]:
        if line.solution is not None:
            billed.setdefault(line.document, set()).add(line.solution)
    return {
        key: (file, replace(row, solutions=tuple(sorted(billed.get(key, ())))))
        for key, (file, row) in found.items()
    }


def _named(things: Iterable[Thing[Any]]) -> list[tuple[str, Ref]]:
    return [
        (each.file, each.wire.billing_account) for each in things if each.wire.billing_account is not None
    ]


async def _accounts(
    stores: Stores, things: Sequence[Thing[Any]], named: Iterable[tuple[str, Ref]], report: Report
) -> Accounts:
    """Give the accounts of this import, and those that are only named and not known."""
    new = built(things, lambda wire: account_record(wire, stores.code), report)
    given = {row.id: (thing.file, row) for thing, row in new}
    refused = {each.id for each in things} - set(given)
    ids = {BillingAccountId(own): (file, ref) for file, ref in named if (own := _id(ref))}
    known = await stores.billing.billing_accounts(stores.everything, {*ids, *given})
    for key, (file, ref) in ids.items():
        if key in known:
            given.setdefault(key, (file, known[key]))
        elif key not in given and key not in refused:
            try:
                given[key] = file, named_account(ref, stores.code)
            except TmfError as error:
                report.leave_out(file, Kind.ACCOUNT.value, f"{key}: {error}")
    return {
        key: (file, replace(row, solutions=known[key].solutions) if key in known else row)
        for key, (file, row) in given.items()
    }


def _id(ref: Ref) -> str | None:
    try:
        return optional_key(ref.id)
    except TmfError:
        return None


async def _tie_accounts(stores: Stores, accounts: Accounts, documents: Documents, products: Products) -> None:
    """Add to each account the Solutions that its documents and its products bill to it."""
    billed = {BillingAccountId(key): set(solutions) for key, solutions in products.billed.items()}
    for _, row in documents.values():
        if row.account is not None:
            billed.setdefault(row.account, set()).update(row.solutions)
    others = set(billed) - set(accounts)
    found = await stores.billing.billing_accounts(stores.everything, others)
    accounts |= {key: (STORED, row) for key, row in found.items()}
    for key in set(billed) & set(accounts):
        file, account = accounts[key]
        accounts[key] = file, replace(account, solutions=tuple(sorted({*account.solutions, *billed[key]})))
