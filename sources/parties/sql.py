"""Who customers are in other systems, in the embedded database."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from tortoise import fields
from tortoise.models import Model

from sources.changes import Changes
from sources.errors import SourceUnavailableError
from sources.keys import CustomerCode
from sources.sql import Database

PARTY_LENGTH: Final = 128
"""How many characters a party's id may have."""


class Known(NamedTuple):
    """That *system* calls *customer* by the id *party*."""

    customer: CustomerCode
    system: str
    party: str


class PartyError(ValueError):
    """Parties that cannot be a customer's; the message tells an operator why."""


class Party(Model):
    """The table of ``Known``: a party of a system is one customer's only."""

    serial = fields.BigIntField(primary_key=True)
    customer = fields.CharField(64, db_index=True)
    system = fields.CharField(32)
    party = fields.CharField(128)

    class Meta(Model.Meta):
        app = "parties"
        table = "parties_party"
        unique_together = (("system", "party"),)


class Change(Model):
    """When the parties of a customer last changed. The row of no customer counts the epochs."""

    customer = fields.CharField(64, primary_key=True)
    epoch = fields.BigIntField(db_index=True)

    class Meta(Model.Meta):
        app = "parties"
        table = "parties_change"


_COLUMNS: Final = "SELECT customer, system, party FROM parties_party"
_SORTED: Final = "ORDER BY customer, system, party"
_ADD: Final = "INSERT INTO parties_party (customer, system, party) VALUES (?, ?, ?)"
_TAKE_AWAY: Final = "DELETE FROM parties_party WHERE customer = ? AND system = ? AND party = ?"
_COUNT: Final = (
    "INSERT INTO parties_change (customer, epoch) VALUES (?, 1) "
    "ON CONFLICT (customer) DO UPDATE SET epoch = parties_change.epoch + 1"
)
"""Holds the counter's row until the transaction ends: epochs are seen in their order, and none is missed."""
_ANNOUNCE: Final = (
    "INSERT INTO parties_change (customer, epoch) SELECT ?, epoch FROM parties_change WHERE customer = '' "
    "ON CONFLICT (customer) DO UPDATE SET epoch = excluded.epoch"
)


class SqlParties:
    """Who customers are in other systems, in the embedded database.

    Every method raises ``SourceError`` where the database fails.
    """

    def __init__(self, database: Database) -> None:
        """Look into *database*."""
        self._database = database

    async def of(self, customer: str) -> Mapping[str, frozenset[str]]:
        """Give the parties that *customer* is, by system; a system that does not know it is left out."""
        found: dict[str, set[str]] = {}
        for each in await self.known(customer):
            found.setdefault(each.system, set()).add(each.party)
        return {system: frozenset(parties) for system, parties in found.items()}

    async def known(self, customer: str | None = None) -> Sequence[Known]:
        """Give what is known of *customer*, of all for None: for operators; by customer, system and id."""
        if customer is None:
            return await self._found(f"{_COLUMNS} {_SORTED}", [])
        return await self._found(f"{_COLUMNS} WHERE customer = ? {_SORTED}", [customer])

    async def customers(self, system: str, parties: Collection[str]) -> frozenset[CustomerCode]:
        """Give the customers that *system* calls by these ids; those that are nobody's are left out."""
        if not parties:
            return frozenset()
        marks = ", ".join("?" for _ in parties)
        found = await self._found(f"{_COLUMNS} WHERE system = ? AND party IN ({marks})", [system, *parties])
        return frozenset(each.customer for each in found)

    async def set(self, customer: CustomerCode, system: str, parties: Collection[str]) -> None:
        """Have *customer* be these *parties* of *system*, and no others.

        Raises ``PartyError`` where one has no proper id, or is another customer's already.
        """
        for each in parties:
            _check(each)
        before = {each.party for each in await self.known(customer) if each.system == system}
        await self._refuse_taken(customer, system, parties)
        try:
            await self._write(customer, system, added=set(parties) - before, gone=before - set(parties))
        except SourceUnavailableError:
            await self._refuse_taken(customer, system, parties)  # somebody was faster
            raise

    async def remove(self, customer: CustomerCode, system: str, parties: Collection[str] = ()) -> int:
        """Have *customer* not be these *parties* of *system* any more, none of it where none are named.

        Gives how many it was.
        """
        before = {each.party for each in await self.known(customer) if each.system == system}
        gone = before & set(parties) if parties else before
        await self._write(customer, system, gone=gone)
        return len(gone)

    async def changes(self, after: int | None) -> Changes:
        """Give the customers whose parties changed after the epoch *after*; none for None.

        An epoch is told when all that it changed can be read.
        """
        test, key = ("customer = ?", "") if after is None else ("epoch > ?", after)
        text = f"SELECT customer, epoch FROM parties_change WHERE {test}"  # noqa: S608 - one of two tests
        rows = await self._database.rows((text, [key]))
        return Changes(max((row[1] for row in rows), default=after or 0), [row[0] for row in rows if row[0]])

    async def _refuse_taken(self, customer: CustomerCode, system: str, parties: Collection[str]) -> None:
        for party in sorted(parties):
            for taken in await self._found(f"{_COLUMNS} WHERE system = ? AND party = ?", [system, party]):
                if taken.customer != customer:
                    undo = shlex.join(["servicespace", "parties", "remove", taken.customer, system, party])
                    raise PartyError(
                        f"The party {party!r} of {system} is the customer {taken.customer!r} already. "
                        f"Where that is wrong: {undo}"
                    )

    async def _write(
        self, customer: CustomerCode, system: str, *, added: Collection[str] = (), gone: Collection[str] = ()
    ) -> None:
        if added or gone:
            await self._database.write_together(
                (_TAKE_AWAY, [[customer, system, each] for each in sorted(gone)]),
                (_ADD, [[customer, system, each] for each in sorted(added)]),
                (_COUNT, [[""]]),
                (_ANNOUNCE, [[customer]]),
            )

    async def _found(self, text: str, values: Sequence[str]) -> Sequence[Known]:
        rows = await self._database.rows((text, list(values)))
        return [Known(CustomerCode(customer), system, party) for customer, system, party in rows]


def _check(party: str) -> None:
    if not party or party != party.strip() or not party.isprintable():
        raise PartyError(f"{party!r} is no id of a party: it is empty, or has blanks or control characters.")
    if len(party) > PARTY_LENGTH:
        raise PartyError(f"The id {party[:20]}… has more than {PARTY_LENGTH} characters.")
