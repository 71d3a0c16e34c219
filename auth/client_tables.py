"""auth's tables of OAuth clients, of what Users allowed them, and of what was issued from it."""

from tortoise import fields
from tortoise.models import Model


class OAuthClient(Model):
    """The table of ``Client``. Addresses and scopes are separated by spaces."""

    id = fields.CharField(64, primary_key=True)
    name = fields.CharField(128)
    kind = fields.CharField(16)
    owner = fields.CharField(64, db_index=True)
    first_party = fields.BooleanField()
    redirect_uris = fields.TextField()
    logout_uris = fields.TextField()
    scopes = fields.TextField()
    coverage = fields.CharField(16)
    active = fields.BooleanField()
    created_at = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_client"


class OAuthClientSecret(Model):
    """The table of ``SecretHash``."""

    id = fields.BigIntField(primary_key=True)
    client = fields.CharField(64, db_index=True)
    hash = fields.CharField(64)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_client_secret"


class OAuthClientGrant(Model):
    """The table of ``ClientGrant``."""

    id = fields.BigIntField(primary_key=True)
    client = fields.CharField(64)
    customer = fields.CharField(64, db_index=True)
    scopes = fields.TextField()
    data: fields.JSONField[dict[str, list[str] | None]] = fields.JSONField()
    active = fields.BooleanField()

    class Meta(Model.Meta):
        """The table's name, and what is there once."""

        app = "auth"
        table = "auth_client_grant"
        unique_together = (("client", "customer"),)


class OAuthClientChange(Model):
    """When a client last changed. The row of no name counts the epochs."""

    client = fields.CharField(64, primary_key=True)
    epoch = fields.BigIntField(db_index=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_client_change"


class OAuthAuthorization(Model):
    """The table of ``Authorization``."""

    id = fields.CharField(64, primary_key=True)
    client = fields.CharField(64)
    username = fields.CharField(128, db_index=True)
    customer = fields.CharField(64)
    scope = fields.TextField()
    session = fields.CharField(128, db_index=True)
    authenticated_at = fields.BigIntField()
    methods = fields.CharField(64)
    created_at = fields.BigIntField()
    used_at = fields.BigIntField()
    expires_at = fields.BigIntField(db_index=True)
    active = fields.BooleanField()

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_authorization"


class OAuthCode(Model):
    """The table of ``Code``: of the code itself, only its SHA-256."""

    hash = fields.CharField(64, primary_key=True)
    sid = fields.CharField(64, db_index=True)
    redirect_uri = fields.TextField()
    challenge = fields.CharField(128)
    nonce = fields.TextField()
    expires_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_code"


class OAuthRefreshToken(Model):
    """The table of refresh tokens: of the token itself, only its SHA-256."""

    hash = fields.CharField(64, primary_key=True)
    sid = fields.CharField(64, db_index=True)
    created_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_refresh_token"


class OAuthConsent(Model):
    """The table of what a User allowed a client once and for all."""

    id = fields.BigIntField(primary_key=True)
    username = fields.CharField(128)
    client = fields.CharField(64)
    scope = fields.TextField()
    given_at = fields.BigIntField()

    class Meta(Model.Meta):
        """The table's name, and what is there once."""

        app = "auth"
        table = "auth_consent"
        unique_together = (("username", "client"),)


class Revocation(Model):
    """The table of what is void before its time. The row of no name counts the epochs."""

    name = fields.CharField(80, primary_key=True)
    until = fields.BigIntField()
    epoch = fields.BigIntField(db_index=True)

    class Meta(Model.Meta):
        """The table's name."""

        app = "auth"
        table = "auth_revocation"
