"""The rows that every peer in Python answers from: the same SQL, the same token check, one pool."""

from collections.abc import Sequence
from datetime import UTC, datetime

from auth.key import load_key, public_keys
from auth.token import TokenVerifier
from bench.place import Place
from bench.query import statement
from bench.wire import Pool, Row, open_pool

ISSUER = "https://servicespace.invalid"
AUDIENCE = "servicespace"
"""What the service trusts by default; its own settings would bring half of its modules with them."""


_NAMES = ("user", "customer", "solutions", "invoices", "tickets", "components", "maintenance", "locations")


class RefusedError(Exception):
    """A request without a valid token of a User."""


class Rows:
    """Rows of one customer at a time, whoever asks."""

    def __init__(self, pool: Pool, tokens: TokenVerifier) -> None:
        """Read over *pool*; trust what *tokens* trusts."""
        self._pool = pool
        self._tokens = tokens
        self._statements = {name: statement(name) for name in _NAMES}

    @classmethod
    async def open(cls, place: Place) -> "Rows":
        """Connect to the database; the pool ends with the process."""
        pool = await open_pool(place)
        stored = await pool.fetch("SELECT private_jwk FROM auth_signing_key WHERE retired_at IS NULL")
        keys = public_keys([load_key(each["private_jwk"]) for each in stored])
        return cls(pool, TokenVerifier(keys, ISSUER, AUDIENCE))

    async def user(self, authorization: str) -> Row:
        """Give the User of a bearer token; raises ``RefusedError`` or ``TokenError``."""
        claims = self._tokens.verify(authorization.removeprefix("Bearer "), datetime.now(UTC))
        user = await self._pool.fetchrow(self._statements["user"], claims.sub)
        if user is None or not user["active"] or user["customer"] != claims.customer:
            raise RefusedError
        return user

    async def customer(self, customer: str) -> Row | None:
        """Give the customer's own row."""
        return await self._pool.fetchrow(self._statements["customer"], customer)

    async def solutions(self, customer: str, first: int) -> Sequence[Row]:
        """Give the first Solutions by name."""
        rows: list[Row] = await self._pool.fetch(self._statements["solutions"], customer, first)
        return rows

    async def under(self, name: str, customer: str, keys: Sequence[str], first: int) -> dict[str, list[Row]]:
        """Give the first rows of each Solution by the statement *name*, as a list for every one of *keys*."""
        found: dict[str, list[Row]] = {key: [] for key in keys}
        for row in await self._pool.fetch(self._statements[name], customer, keys, first):
            found[row["parent_key"]].append(row)
        return found

    async def locations(self, customer: str, keys: Sequence[str]) -> dict[str, Row]:
        """Give the locations with these ids."""
        return {
            row["id"]: row for row in await self._pool.fetch(self._statements["locations"], customer, keys)
        }
