from collections.abc import Sequence
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import OAuth2Request

class BaseGrant:
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[Sequence[str]]
    request: OAuth2Request
    server: Any
    prompt: str | None
    def validate_token_request(self) -> None: ...
    def validate_requested_scope(self) -> None: ...

class AuthorizationCodeGrant(BaseGrant): ...

class RefreshTokenGrant(BaseGrant):
    INCLUDE_NEW_REFRESH_TOKEN: ClassVar[bool]

class ClientCredentialsGrant(BaseGrant): ...
