from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request

class OpenIDToken:
    def __call__(self, grant: object) -> None: ...
    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str: ...

class OpenIDCode(OpenIDToken):
    def __init__(self, *, require_nonce: bool = False) -> None: ...
