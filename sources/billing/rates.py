"""TMF678's applied rates: the lines of bills.

A rate names no party in any version. It is a customer's where the bill that it is on is: each rate is held
against the customer's own bills before anything else is done with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from collections.abc import Collection as Keys
from functools import partial
from logging import getLogger
from typing import Final, TypeAlias

from msgspec.structs import replace

from sources.billing import DOCUMENT_LINES, BillingDocumentRecord, InvoiceLineRecord
from sources.billing.wire import AppliedRate, line_record, read_rate
from sources.cache import Cache, Kind, Tenant, Uncached
from sources.errors import SourceRefusedError
from sources.http import Api
from sources.keys import BillingDocumentId, CustomerCode, InvoiceLineId
from sources.parties import Parties
from sources.tmf import TmfError
from sources.tmf.asking import apart, askable, chunks, path_of, query_for
from sources.tmf.fast import reader
from sources.tmf.page import Things
from sources.tmf.paging import Lists, together
from sources.tmf.settings import Strategy, ThingSettings

_log = getLogger(__name__)

_PATH: Final = "appliedCustomerBillingRate"
READ: Final = reader(AppliedRate, read_rate)
_KIND: Final = Kind("billing", _PATH, InvoiceLineRecord)
_OF_BILL: Final = Kind("billing", _PATH, InvoiceLineRecord, by="bill", also=("customerBill",))
_OF_PRODUCT: Final = Kind("billing", _PATH, InvoiceLineRecord, by="product", also=("customerBill",))

_ON_BILLS: Final = Kind("billing", _PATH, InvoiceLineRecord, by="product of bills", also=("customerBill",))

MOST_LINES: Final = 5_000
"""Up to how many lines are read to learn which bills are a Solution's; with more, bills are looked into."""

_BILLS_AT_ONCE: Final = 10
"""Of how many bills the rates are asked for in one list: large ones have a thousand."""

Lines: TypeAlias = Mapping[str, tuple[InvoiceLineRecord, ...]]
"""Lines by what they were asked for by."""

Bills: TypeAlias = Callable[
    [CustomerCode, Keys[BillingDocumentId]], Awaitable[Mapping[BillingDocumentId, BillingDocumentRecord]]
]
"""Gives those of these bills that are the customer's, shown or not."""


class Rates:
    """The rates on a customer's bills, as lines: with what they have from their bill, and not yet placed."""

    def __init__(
        self, api: Api, settings: ThingSettings, parties: Parties, bills: Bills, cache: Cache | None = None
    ) -> None:
        """Read rates through *api*; *bills* decides whose they are."""
        self._api = api
        self._lists = Lists(api, _PATH, READ, settings)
        self._settings = settings
        self._parties = parties
        self._bills = bills
        self._cache = Uncached() if cache is None else cache

    async def by_id(
        self, customer: CustomerCode, lines: Keys[InvoiceLineId], *, numbered: bool
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines with these ids; *numbered* as in ``by_product``."""
        found = await self._found(_KIND, customer, lines, self._of_ids)
        return await self._whole(customer, found, numbered=numbered)

    async def by_document(
        self, customer: CustomerCode, documents: Keys[BillingDocumentId]
    ) -> Mapping[BillingDocumentId, Sequence[InvoiceLineRecord]]:
        """Give the lines of each document that is the customer's."""
        return await self.of(customer, await self._bills(customer, documents))

    async def of(
        self, customer: CustomerCode, own: Mapping[BillingDocumentId, BillingDocumentRecord]
    ) -> Mapping[BillingDocumentId, Sequence[InvoiceLineRecord]]:
        """Give the lines of the customer's *own* documents, by document."""
        found = await self._found(_OF_BILL, customer, own, self._of_bills)
        lines: dict[BillingDocumentId, list[InvoiceLineRecord]] = {}
        for each in _numbered(found):
            lines.setdefault(each.document, []).append(DOCUMENT_LINES.under(each, own[each.document]))
        return lines

    async def by_product(
        self, customer: CustomerCode, products: Keys[str], *, numbered: bool
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines that bill these products.

        A line that says no position has one only where they are to be *numbered*: all lines of its document
        are read for that, which may be thousands.
        """
        found = await self._found(_OF_PRODUCT, customer, products, self._of_products)
        return await self._whole(customer, found, numbered=numbered)

    async def of_products(
        self,
        customer: CustomerCode,
        products: Keys[str],
        own: Awaitable[Sequence[BillingDocumentRecord]],
    ) -> Sequence[InvoiceLineRecord] | None:
        """Give the lines that bill *products* as they say it themselves, on the customer's *own* bills.

        None where several products cannot be asked for together, or have more than ``MOST_LINES``.
        """
        if self._settings.strategy is not Strategy.COMMA_OR:
            return None
        try:
            return await self._found(_ON_BILLS, customer, products, partial(self._on_bills, own))
        except SourceRefusedError:
            return None

    async def _whole(
        self, customer: CustomerCode, lines: Sequence[InvoiceLineRecord], *, numbered: bool
    ) -> Sequence[InvoiceLineRecord]:
        """Give *lines* with what they have from their bills, and numbered as all the lines of those are."""
        bare = dict.fromkeys(each.document for each in lines if not each.position)
        if bare and numbered:
            among = await self.by_document(customer, bare)
            places = {each.id: each.position for many in among.values() for each in many}
            lines = [
                replace(each, position=places.get(each.id, 0)) if not each.position else each
                for each in lines
            ]
        own = await self._bills(customer, dict.fromkeys(each.document for each in lines))
        return [DOCUMENT_LINES.under(each, own[each.document]) for each in lines if each.document in own]

    async def _found(
        self,
        kind: Kind[InvoiceLineRecord],
        customer: CustomerCode,
        keys: Keys[str],
        fetch: Callable[[Tenant, Sequence[str]], Awaitable[Lines]],
    ) -> Sequence[InvoiceLineRecord]:
        tenant, asked = Tenant(customer, await self._parties(customer)), askable(keys)
        if not tenant.parties or not asked:
            return []
        found = await self._cache.found(kind, tenant, asked, partial(fetch, tenant))
        return [each for many in found.values() for each in many]

    async def _of_ids(self, tenant: Tenant, ids: Sequence[str]) -> Lines:
        strategy = self._settings.strategy
        several, alone = apart(ids, strategy)
        calls = [
            partial(self._lists.every, (query_for(chunk, strategy),), frozenset(chunk))
            for chunk in chunks(several, self._settings.page_size, strategy)
        ]
        ones = [partial(self._lists.one, path_of(_PATH, each)) for each in alone]
        answers = await together([*calls, *ones], self._settings.at_once)
        lines = await self._own(tenant, self._read(tenant, answers, "id", ids))
        return {each.id: (each,) for each in lines}

    async def _of_bills(self, tenant: Tenant, bills: Sequence[str]) -> Lines:
        """Give the lines of *bills*, which are the tenant's."""
        answers = await self._named("bill.id", bills, _BILLS_AT_ONCE)
        lines = self._read(tenant, answers, "document", bills)
        return {key: tuple(each for each in lines if each.document == key) for key in bills}

    async def _of_products(self, tenant: Tenant, products: Sequence[str]) -> Lines:
        answers = await self._named("product.id", products, self._settings.page_size)
        lines = await self._own(tenant, self._read(tenant, answers, "service_point", products))
        return {key: tuple(each for each in lines if each.service_point == key) for key in products}

    async def _on_bills(
        self, own: Awaitable[Sequence[BillingDocumentRecord]], tenant: Tenant, products: Sequence[str]
    ) -> Lines:
        answers, bills = await asyncio.gather(
            self._named("product.id", products, self._settings.page_size, MOST_LINES), own
        )
        ours = {each.id for each in bills}
        lines = self._read(tenant, answers, "service_point", products)
        found: dict[str, list[InvoiceLineRecord]] = {key: [] for key in products}
        for each in lines:
            if each.document in ours and each.service_point is not None:
                found[each.service_point].append(each)
        return {key: tuple(many) for key, many in found.items()}

    async def _named(
        self, parameter: str, keys: Sequence[str], most: int, most_rows: int | None = None
    ) -> list[Things[AppliedRate]]:
        """Give the rates that name one of *keys*: several in one question where commas mean that.

        Raises ``SourceRefusedError`` where there are more than *most_rows*, or a total says so.
        """
        if self._settings.strategy is not Strategy.COMMA_OR:
            most = 1
        several = [each for each in keys if "," not in each]
        asked = [*chunks(several, most), *([each] for each in keys if "," in each)]
        calls = [
            partial(self._lists.every, ((parameter, ",".join(chunk)),), most_rows=most_rows)
            for chunk in asked
        ]
        return await together(calls, self._settings.at_once)

    def _read(
        self, tenant: Tenant, answers: Iterable[Things[AppliedRate]], column: str, keys: Keys[str]
    ) -> Sequence[InvoiceLineRecord]:
        """Give the lines that have one of *keys* in *column*: what else was sent was not asked for."""
        found: dict[str, InvoiceLineRecord] = {}
        broken = 0
        for answer in answers:
            broken += answer.sent - len(answer.rows)
            for each in answer.rows:
                try:
                    line = None if each.document is None else line_record(each, tenant.customer)
                except TmfError:
                    broken += 1
                else:
                    if line is not None and getattr(line, column) in keys:
                        found[line.id] = line
        if broken:
            _log.warning("%s: of %s, %d that cannot be read were left out", self._api.system, _PATH, broken)
        return list(found.values())

    async def _own(self, tenant: Tenant, lines: Sequence[InvoiceLineRecord]) -> Sequence[InvoiceLineRecord]:
        """Give those of *lines* that are on the tenant's bills."""
        own = await self._bills(tenant.customer, dict.fromkeys(each.document for each in lines))
        kept = [each for each in lines if each.document in own]
        if len(kept) < len(lines):
            foreign = len(lines) - len(kept)
            _log.warning("%s: of %s, %d not of the customer were left out", self._api.system, _PATH, foreign)
        return kept


def _numbered(lines: Sequence[InvoiceLineRecord]) -> Sequence[InvoiceLineRecord]:
    """Give all lines of some documents, those without a position after the others of theirs, by id."""
    last: dict[BillingDocumentId, int] = {}
    for each in lines:
        last[each.document] = max(last.get(each.document, 0), each.position)
    numbered: list[InvoiceLineRecord] = []
    for each in sorted(lines, key=lambda line: line.id):
        if not each.position:
            last[each.document] += 1
            each = replace(each, position=last[each.document])  # noqa: PLW2901 - the same line
        numbered.append(each)
    return numbered
