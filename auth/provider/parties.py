"""What Authlib asks a client, a code, a refresh token and a presented token: our facts under its names."""

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from auth.client import ClientKind, redirects_to
from auth.key import ALGORITHM
from auth.provider.case import Case, Presented
from auth.scope import OFFLINE, joined, within


@dataclass(frozen=True, slots=True)
class Party(ClientMixin):
    """The client of a case."""

    case: Case
    id_token_signed_response_alg = ALGORITHM

    @property
    def client_id(self) -> str:
        """Its id."""
        assert self.case.client is not None  # noqa: S101 - there is no party without one
        return self.case.client.client.id

    def get_client_id(self) -> str:
        """Give its id."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """Give none: the address to redirect to is always named."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Give *scope* if all of it is allowed; a client that asks for itself may leave it to us."""
        if not scope:
            return joined(self.case.most) if self.case.grant is not None else None
        return joined(scope.split()) if within(scope, self.case.most) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether the client registered *redirect_uri*."""
        return self.case.client is not None and redirects_to(self.case.client.client, redirect_uri)

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether *client_secret* is the client's."""
        return self.case.client is not None and self.case.client.has_secret(client_secret, self.case.seconds)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - as Authlib calls it
        """Tell whether the client proves itself by *method*: with its secret, if it has one."""
        return (method == "none") is (self._kind is ClientKind.BROWSER)

    def check_response_type(self, response_type: str) -> bool:
        """Tell whether the client may ask for *response_type*: a code, for a User."""
        return response_type == "code" and self._kind is not ClientKind.SERVICE

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether the client gets tokens by *grant_type*."""
        return (grant_type == "client_credentials") is (self._kind is ClientKind.SERVICE)

    @property
    def _kind(self) -> ClientKind:
        assert self.case.client is not None  # noqa: S101 - there is no party without one
        return self.case.client.client.kind


@dataclass(frozen=True, slots=True)
class KeptCode(AuthorizationCodeMixin):
    """The authorization code of a case, with PKCE's challenge by S256."""

    case: Case
    code_challenge: str
    code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        """Give the address that the code was sent to."""
        return "" if self.case.code is None else self.case.code.redirect_uri

    def get_scope(self) -> str:
        """Give the scope that the User allowed."""
        return "" if self.case.authorization is None else self.case.authorization.scope

    def get_nonce(self) -> str | None:
        """Give the nonce of the request, if it had one."""
        return None if self.case.code is None else self.case.code.nonce or None

    def get_auth_time(self) -> None:
        """Give nothing: ``OpenId`` tells it, after a refresh too."""

    get_acr = get_auth_time
    get_amr = get_auth_time


@dataclass(frozen=True, slots=True)
class KeptRefreshToken(TokenMixin):
    """The refresh token of a case."""

    case: Case

    def check_client(self, client: Party) -> bool:
        """Tell whether it is *client*'s."""
        of = self.case.authorization
        return of is not None and of.client == client.client_id

    def get_scope(self) -> str:
        """Give the scope that the User allowed."""
        return "" if self.case.authorization is None else self.case.authorization.scope


@dataclass(frozen=True, slots=True)
class PresentedToken(TokenMixin):
    """A token that is explained or revoked."""

    presented: Presented

    def check_client(self, client: Party) -> bool:
        """Tell whether it is *client*'s."""
        return self.presented.client == client.client_id

    def is_expired(self) -> bool:
        """Tell whether it is worth nothing, for whatever reason."""
        return not self.presented.active

    def is_revoked(self) -> bool:
        """Tell the same."""
        return not self.presented.active


def keeps_access(scope: str) -> bool:
    """Tell whether *scope* asks for a refresh token."""
    return OFFLINE in scope.split()
