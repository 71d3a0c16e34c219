"""An access token for each customer's User, as the load sends them."""

from datetime import UTC, datetime, timedelta

from auth.key_store import KeyStore
from auth.token import issue_token
from auth.viewer import CustomerCode
from bench.place import Place
from bench.settings import settings_of
from bench.shape import Shape
from servicespace.store import open_store


async def tokens(place: Place, shape: Shape) -> list[str]:
    """Give a token for each customer, good for a whole run."""
    settings = settings_of(place)
    async with open_store(settings.store) as connection:
        key = await KeyStore(connection).signing()
    now = datetime.now(UTC)
    return [
        issue_token(
            key,
            issuer=settings.token.issuer,
            audience=settings.token.audience,
            subject=code,
            customer=CustomerCode(code),
            client_id="bench",
            scope="portal",
            now=now,
            lifetime=timedelta(hours=2),
        )
        for code in shape.codes()
    ]
