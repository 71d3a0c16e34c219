"""Authlib's authorization server over one case, with what RFC 9700 and we ask beyond its defaults."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Payload,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge, create_s256_code_challenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core import OpenIDCode, OpenIDToken
from joserfc.jwk import KeySet

from auth.client import hashed
from auth.provider.case import Case, Presented
from auth.provider.parties import KeptCode, KeptRefreshToken, Party, PresentedToken, keeps_access
from auth.scope import EMAIL, PROFILE, SCOPES
from auth.store import UserRecord

SECRET_METHODS: Final = ("client_secret_basic", "client_secret_post")
"""How a client with a secret proves itself."""
METHODS: Final = (*SECRET_METHODS, "none")
"""How a client proves itself: one without a secret by PKCE, or by holding the refresh token."""


class Payload(OAuth2Payload):
    """The parameters of a request, none of them there twice."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        """Take *parameters*."""
        self._parameters = parameters

    @property
    def data(self) -> Mapping[str, str]:
        """The parameters."""
        return self._parameters

    @property
    def datalist(self) -> Mapping[str, Sequence[str]]:
        """The same, as lists of one."""
        return {name: [value] for name, value in self._parameters.items()}


class Request(OAuth2Request):
    """A request as Authlib has it.

    It refuses addresses that are not https. Whether ours may be http, on this machine, is decided where the
    service is set up, so that it is told a place that it accepts.
    """

    def __init__(
        self, method: str, parameters: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> None:
        """Take the *parameters* of the query or the form."""
        super().__init__(method, "https://servicespace.invalid/", headers=headers)
        self.payload = Payload(parameters)
        self._parameters = parameters

    @property
    def args(self) -> Mapping[str, str]:
        """The parameters."""
        return self._parameters

    @property
    def form(self) -> Mapping[str, str]:
        """The parameters."""
        return self._parameters


class Server(AuthorizationServer):
    """The authorization server for one case."""

    def __init__(self, case: Case) -> None:
        """Decide on *case*; what follows from it is left in it."""
        super().__init__(scopes_supported=SCOPES)
        self.case = case
        self.register_token_generator("default", self._token)
        self.register_grant(CodeGrant, [S256(required=True), OpenId(require_nonce=False)])
        self.register_grant(RefreshGrant, [RefreshedOpenId()])
        self.register_grant(CredentialsGrant)
        self.register_endpoint(Introspection)
        self.register_endpoint(Revoking)

    def query_client(self, client_id: str) -> Party | None:
        """Give the client of the case, if *client_id* is its id and it is active."""
        found = self.case.client
        if found is None or found.client.id != client_id or not found.client.active:
            return None
        return Party(self.case)

    def save_token(self, token: object, request: object) -> None:
        """Do nothing: what is to be stored is in the case."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        """Give *request*, which is one already."""
        return request

    def handle_response(
        self, status: int, body: object, headers: Sequence[tuple[str, str]]
    ) -> tuple[int, object, dict[str, str]]:
        """Give the answer as it is."""
        return status, body, dict(headers)

    def send_signal(self, name: str, *_: object, **__: object) -> None:
        """Do nothing: nobody listens."""

    def _token(self, grant_type: str, client: Party, **others: Any) -> dict[str, Any]:  # noqa: ANN401 - as Authlib calls it
        """Give the tokens of a grant; a code brings a refresh token if the User allowed to keep access."""
        if grant_type == "authorization_code":
            others["include_refresh_token"] = keeps_access(others["scope"])
        seconds = int(self.case.terms.lifetime.total_seconds())
        generate = BearerTokenGenerator(self._access_token, self._refresh_token, seconds)
        return generate(grant_type, client, **others)

    def _access_token(self, *, scope: str, **_: object) -> str:
        return self.case.access_token(scope)

    def _refresh_token(self, **_: object) -> str:
        return self.case.refresh_token()


class CodeGrant(AuthorizationCodeGrant):
    """A code for a User who is signed in, then tokens for the code."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Make the authorization that the code stands for."""
        data = request.payload.data
        case: Case = self.server.case
        case.authorize(
            code,
            scope=request.scope,
            redirect_uri=data["redirect_uri"],
            challenge=data["code_challenge"],
            nonce=data.get("nonce", ""),
        )

    def query_authorization_code(self, code: str, client: Party) -> KeptCode | None:
        """Give the code, if it is the client's and can be exchanged."""
        case: Case = self.server.case
        if case.code is None or case.code.hash != hashed(code) or not case.is_exchangeable():
            return None
        if case.authorization is None or case.authorization.client != client.client_id:
            return None
        return KeptCode(case, case.code.challenge)

    def authenticate_user(self, authorization_code: KeptCode) -> UserRecord | None:
        """Give the User that the code is for."""
        return authorization_code.case.user

    def delete_authorization_code(self, authorization_code: KeptCode) -> None:
        """Do nothing: it is spent when the answer is stored."""


class S256(CodeChallenge):
    """PKCE for every client, by S256: Authlib takes ``plain``, and a request without a challenge."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: object, redirect_uri: str) -> None:
        """Refuse a request without a challenge, and one by another method than S256."""
        data: Mapping[str, str] = getattr(grant, "request").payload.data  # noqa: B009 - its type is Authlib's
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with the code_challenge_method S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


def is_verifier(verifier: str, challenge: str) -> bool:
    """Tell whether *verifier* is the one of PKCE's *challenge*, by S256."""
    return verifier.isascii() and create_s256_code_challenge(verifier) == challenge


class RefreshGrant(RefreshTokenGrant):
    """New tokens for a refresh token, which is spent for its successor."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> KeptRefreshToken | None:
        """Give the refresh token, if it can be used."""
        case: Case = self.server.case
        if case.refresh is None or case.refresh.hash != hashed(refresh_token) or not case.is_fresh():
            return None
        return KeptRefreshToken(case)

    def authenticate_user(self, refresh_token: KeptRefreshToken) -> UserRecord | None:
        """Give the User that the token is for."""
        return refresh_token.case.user

    def revoke_old_credential(self, refresh_token: KeptRefreshToken) -> None:
        """Do nothing: it is spent when the answer is stored."""


class CredentialsGrant(ClientCredentialsGrant):
    """A token for a client itself, of one customer that it is granted."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS

    def validate_token_request(self) -> None:
        """Authenticate the client, then find the customer that this is about."""
        super().validate_token_request()
        case: Case = self.server.case
        assert case.client is not None  # noqa: S101 - authenticated
        granted = case.client.granted()
        named = self.request.form.get("customer")
        if named is None and len(granted) > 1:
            raise InvalidRequestError("The client has several customers: name one as 'customer'.")
        found = [each for each in granted if named in (None, each.customer)]
        if not found:
            raise InvalidGrantError("The client is not granted that customer.")
        case.grant = found[0]


class OpenId(OpenIDCode):
    """The id_token that comes with the tokens for a code."""

    def exists_nonce(self, nonce: str, request: object) -> bool:  # noqa: ARG002 - as Authlib calls it
        """Tell that no nonce was there before: it binds a code to its request, and a code is used once."""
        return False

    def resolve_client_private_key(self, client: Party) -> KeySet:
        """Give the key that signs; Authlib signs with any one of several."""
        return KeySet([client.case.ring.signing])

    def get_client_claims(self, client: Party) -> dict[str, Any]:
        """Give what every id_token says."""
        return identity_claims(client.case)

    def generate_user_info(self, user: UserRecord, scope: str) -> dict[str, Any]:
        """Give who the User is, as far as *scope* allows."""
        return who(user, scope)


class RefreshedOpenId(OpenIDToken):
    """The id_token that comes with refreshed tokens: the same sign-in, no nonce."""

    resolve_client_private_key = OpenId.resolve_client_private_key
    get_client_claims = OpenId.get_client_claims
    generate_user_info = OpenId.generate_user_info


class Introspection(IntrospectionEndpoint):
    """What a token is worth (RFC 7662), told to its own client, and to the API's."""

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def check_permission(self, token: PresentedToken, client: Party, request: object) -> bool:  # noqa: ARG002 - as Authlib calls it
        """Tell whether *client* may know: it is the token's own, or the one named as the audience."""
        return token.check_client(client) or client.client_id == client.case.terms.audience

    def query_token(self, token_string: str, token_type_hint: str | None) -> PresentedToken | None:  # noqa: ARG002 - as Authlib calls it
        """Give the token, as it was looked up; the hint would only tell where to look first."""
        presented: Presented | None = self.server.case.presented
        return None if presented is None else PresentedToken(presented)

    def introspect_token(self, token: PresentedToken) -> dict[str, Any]:
        """Give what the token says."""
        case: Case = self.server.case
        claims, of = token.presented.claims, token.presented.authorization
        if claims is not None:
            told = {name: getattr(claims, name) for name in ("iss", "aud", "sub", "exp", "iat", "jti")}
            return {
                **told,
                "scope": token.presented.scope,
                "client_id": claims.client_id,
                "customer": claims.customer,
                "token_type": "Bearer",
            }
        assert of is not None  # noqa: S101 - it is a refresh token
        ends = min(of.expires_at, of.used_at + int(case.terms.idle.total_seconds()))
        return {
            "iss": case.terms.issuer,
            "sub": of.username,
            "client_id": of.client,
            "scope": token.presented.scope,
            "exp": ends,
        }


class Revoking(RevocationEndpoint):
    """The end of a token (RFC 7009); with a refresh token ends all that came from the same sign-in."""

    CLIENT_AUTH_METHODS = METHODS

    query_token = Introspection.query_token

    def revoke_token(self, token: PresentedToken, request: object) -> None:  # noqa: ARG002 - as Authlib calls it
        """Note that the token is to be revoked."""
        self.server.case.revoked = token.presented


def identity_claims(case: Case) -> dict[str, Any]:
    """Give what an id_token says beside who the User is (OpenID Connect Core section 2)."""
    of = case.authorization
    assert of is not None  # noqa: S101 - tokens come from one
    return {
        "iss": case.terms.issuer,
        "aud": of.client,
        "iat": case.seconds,
        "exp": case.seconds + int(case.terms.lifetime.total_seconds()),
        "auth_time": of.authenticated_at,
        "amr": list(of.methods),
        "sid": of.id,
    }


def who(user: UserRecord, scope: str) -> dict[str, Any]:
    """Give who *user* is, as far as *scope* allows (OpenID Connect Core section 5.4)."""
    scopes = scope.split()
    claims: dict[str, Any] = {"sub": user.username}
    if PROFILE in scopes:
        claims |= {"preferred_username": user.username, "customer": user.customer}
    if EMAIL in scopes:
        claims |= {"email": user.email, "email_verified": True}
    return claims
