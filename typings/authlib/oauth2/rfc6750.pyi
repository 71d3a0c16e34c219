from collections.abc import Callable
from typing import Any

class BearerTokenGenerator:
    def __init__(
        self,
        access_token_generator: Callable[..., str],
        refresh_token_generator: Callable[..., str] | None = None,
        expires_generator: Callable[..., int] | int | None = None,
    ) -> None: ...
    def __call__(self, grant_type: str, client: object, **others: object) -> dict[str, Any]: ...
