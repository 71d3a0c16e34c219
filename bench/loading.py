"""The data on its way into PostgreSQL: copied, indexed, analysed, and kept for the next run."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from auth.key_store import KeyStore
from auth.right import Role, everywhere
from auth.store import UserProfile, UserStore
from auth.viewer import CustomerCode
from bench.dataset import UNCOVERING, Estate
from bench.place import Place
from bench.settings import settings_of
from bench.shape import Shape
from bench.wire import Connection, connect
from servicespace.store import open_store
from sources.billing import ACCOUNT_SOLUTIONS, DOCUMENT_SOLUTIONS
from sources.maintenance import TOUCHES
from sources.record import Record
from sources.statement import plain
from sources.table import Tie, parted, ties

Told = Callable[[str], None]
"""Hears what is being done."""


@dataclass(frozen=True, slots=True)
class Filling:
    """One table: its name, the rows of a customer, and the link tables that go with them."""

    table: str
    rows: Callable[[Estate], Iterable[Record]]
    ties: Sequence[Tie[Any]] = field(default=())


FILLINGS: Final = (
    Filling("ordering_customer", Estate.customers),
    Filling("ordering_solution", Estate.solutions),
    Filling("ordering_location", Estate.locations),
    Filling("billing_account", Estate.accounts, [ties(ACCOUNT_SOLUTIONS, "solutions")]),
    Filling("billing_document", Estate.invoices, [ties(DOCUMENT_SOLUTIONS, "solutions")]),
    Filling("inventory_component", Estate.components),
    Filling("ticketing_ticket", Estate.tickets),
    Filling(
        "maintenance_event",
        Estate.events,
        [parted(TOUCHES)],
    ),
    Filling("maintenance_impact", Estate.impacts),
)

_DONE: Final = "bench_done"
"""A table that is made last: a database without it was left half filled."""


async def ensure(host: str, shape: Shape, told: Told) -> None:
    """Have the database of *shape* filled on that server; those of other versions are dropped."""
    server = await connect(Place(host, "postgres"))
    try:
        if await _is_done(host, server, shape):
            told(f"The data of {shape.customers} customers is there.")
            return
        for row in await server.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'"):
            name: str = row["datname"]
            if name.rpartition("_")[0] != shape.database.rpartition("_")[0] or name == shape.database:
                await server.execute(f'DROP DATABASE "{name}"')
        await server.execute(f'CREATE DATABASE "{shape.database}"')
    finally:
        await server.close()
    await _users(host, shape)
    connection = await connect(Place(host, shape.database))
    try:
        await fill(connection, shape, told)
        await connection.execute(f"CREATE TABLE {_DONE} ()")
    finally:
        await connection.close()


async def cover(host: str, shape: Shape, *, every: bool) -> None:
    """Let every Solution cover maintenance, or only each second one of a customer."""
    connection = await connect(Place(host, shape.database))
    try:
        await connection.execute(
            "UPDATE ordering_solution SET category = CASE WHEN $1 OR right(id, 1)::int % 2 = 0 "
            "THEN upper(replace(left(name, -3), ' ', '_')) ELSE $2 END",
            every,
            UNCOVERING.value,
        )
        await connection.execute("VACUUM ANALYZE ordering_solution")
    finally:
        await connection.close()


async def fill(connection: Connection, shape: Shape, told: Told) -> None:
    """Copy all rows into empty tables; their indexes are made afterwards, which is much faster."""
    indexes = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname) AND indexdef !~ 'auth_'"
    )
    for each in indexes:
        await connection.execute(f'DROP INDEX "{each["indexname"]}"')
    for filling in FILLINGS:
        told(f"Filling {filling.table} …")
        await _copy(connection, shape, filling)
    for place, each in enumerate(indexes, start=1):
        told(f"Index {place} of {len(indexes)} …")
        await connection.execute(each["indexdef"])
    told("Analysing …")
    await connection.execute("VACUUM ANALYZE")


async def _copy(connection: Connection, shape: Shape, filling: Filling) -> None:
    first = next(iter(filling.rows(Estate(shape, 0))))
    columns = first.__struct_fields__
    await connection.copy_records_to_table(filling.table, records=_rows(shape, filling), columns=columns)
    for tie in filling.ties:
        await connection.copy_records_to_table(
            tie.link.table,
            records=_tied(shape, filling, tie),
            columns=["customer", tie.link.owner, *tie.columns],
        )


def _rows(shape: Shape, filling: Filling) -> Iterator[tuple[Any, ...]]:
    for number in range(shape.customers):
        for record in filling.rows(Estate(shape, number)):
            yield tuple(plain(value) for value in msgspec.structs.astuple(record))


def _tied(shape: Shape, filling: Filling, tie: Tie[Any]) -> Iterator[tuple[Any, ...]]:
    for number in range(shape.customers):
        for record in filling.rows(Estate(shape, number)):
            for values in tie.values(record):
                yield (record.customer, record.id, *values)


async def _users(host: str, shape: Shape) -> None:
    """Make the tables, the key that signs tokens, and a User for each customer."""
    async with open_store(settings_of(Place(host, shape.database)).store) as connection:
        users = UserStore(connection, 60)
        await KeyStore(connection, 60).signing()
        for code in shape.codes():
            profile = UserProfile(
                username=code,
                customer=CustomerCode(code),
                email=f"{code}@example.invalid",
                rights=everywhere(Role.MANAGER),
            )
            await users.save(profile)


async def _is_done(host: str, server: Connection, shape: Shape) -> bool:
    if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", shape.database):
        return False
    connection = await connect(Place(host, shape.database))
    try:
        return bool(await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", _DONE))
    finally:
        await connection.close()
