from collections.abc import Sequence
from typing import ClassVar

def create_s256_code_challenge(code_verifier: str) -> str: ...

class CodeChallenge:
    DEFAULT_CODE_CHALLENGE_METHOD: ClassVar[str]
    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[Sequence[str]]
    def __init__(self, *, required: bool = True) -> None: ...
    def validate_code_challenge(self, grant: object, redirect_uri: str) -> None: ...
