"""The audit log of a customer, for its administrators."""

from datetime import datetime

import strawberry

from auth.audit import AuditAction
from auth.feature import ADMINISTRATION, ALWAYS
from schema.enum import described
from schema.field import field
from schema.node import object_type

described(
    AuditAction,
    "What happened.",
    ALWAYS,
    USER_CHANGED="A User was changed by the operator.",
    RIGHTS_CHANGED="A User was given other roles or another data scope.",
    INVITED="A User was invited.",
    PASSWORD_SET="A User set its password.",  # noqa: S106 - the name of an event
    RESET_ASKED="Somebody asked for a link to set another password.",
    SIGNED_IN="A User signed in.",
    SIGN_IN_FAILED="Somebody could not sign in.",
    LOCKED="An account was locked after wrong passwords.",
    SIGNED_OUT="A User signed out.",
    SESSIONS_ENDED="All sessions of a User were ended.",
    SECOND_FACTOR_ADDED="A User set up a second factor.",
    SECOND_FACTOR_REMOVED="A User removed its second factor.",
    DEACTIVATED="A User was deactivated.",
    REACTIVATED="A User was activated again.",
    CANCELLED="An account was cancelled.",
    POLICY_CHANGED="What the customer demands of its Users was changed.",
    MAIL_REFUSED="A mailbox refused a mail.",
    CLIENT_CREATED="A client was registered.",
    CLIENT_SECRET_ROTATED="A client was given another secret.",  # noqa: S106 - the name of an event
    CLIENT_REVOKED="A client was ended.",
    CLIENT_GRANTED="What a client may see of the customer was set.",
    CLIENT_REFUSED="Somebody came with a wrong secret of a client.",
    CLIENT_TOKEN_ISSUED="A client got an access token for itself.",  # noqa: S106 - the name of an event
    CONSENT_GIVEN="A User allowed a client to ask for it.",
    AUTHORIZATION_MADE="A User signed in to a client.",
    AUTHORIZATION_ENDED="What a User signed in to a client for has ended.",
    CODE_REPLAYED="A code came a second time; all that was issued from it has ended.",
    REFRESH_REUSED="A refresh token came a second time; all that was issued from it has ended.",
    TOKEN_REVOKED="A client gave a token back.",  # noqa: S106 - the name of an event
    KEY_PUBLISHED="A key that will sign tokens was published.",
    KEY_ROTATED="Another key signs tokens.",
)


@object_type("More about an entry of the audit log.", ADMINISTRATION)
class AuditDetail:
    """A detail."""

    name: str = field("What it is.", ADMINISTRATION)
    value: str = field("Its value.", ADMINISTRATION)


@object_type("An entry of the audit log; none is ever changed or removed.", ADMINISTRATION)
class AuditEntry:
    """An entry."""

    id: strawberry.ID = field("Its number; later entries have greater ones.", ADMINISTRATION)
    at: datetime = field("When it happened.", ADMINISTRATION)
    action: AuditAction = field("What happened.", ADMINISTRATION)
    actor: str | None = field("Who did it: a username, `client:ID` or `operator:NAME`.", ADMINISTRATION)
    subject: str | None = field("To whom or what.", ADMINISTRATION)
    source: str | None = field("From which address.", ADMINISTRATION)
    details: list[AuditDetail] = field("More about it; never a secret.", ADMINISTRATION)
