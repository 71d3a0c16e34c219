"""The Users of a customer, as its administrators see and change them."""

from datetime import datetime
from typing import Final

import strawberry

from auth.account import AccountState
from auth.feature import ADMINISTRATION, ALWAYS
from auth.outbox import Delivery, MailKind
from auth.right import Role, Section
from schema.enum import described
from schema.field import argument, field
from schema.input import input_field, input_type
from schema.node import object_type
from schema.right import SectionRole

described(
    AccountState,
    "Where the account of a User stands.",
    ALWAYS,
    INVITED="Without a password yet: its mail has a link to set one.",
    ACTIVE="May sign in.",
    LOCKED="After wrong passwords, for some minutes; who is signed in stays so.",
    SUSPENDED="Deactivated; may be activated again.",
    STAGNANT="Unused for six months: about to be cancelled (terms of use 1.5.2).",
    CANCELLED="Gone; the name may be invited anew.",
)

described(
    MailKind,
    "What a mail to a User tells.",
    ALWAYS,
    INVITATION="That it is invited, with a link to set its password.",
    RESET="A link to set another password.",
    LOCKED="That its account was locked.",
    PASSWORD_SET="That its password was set.",  # noqa: S106 - the name of a mail
)

described(
    Delivery,
    "What became of a mail.",
    ALWAYS,
    named="MailDelivery",
    WAITING="It is yet to be taken by the recipient's server.",
    SENT="The recipient's server took it.",
    REFUSED="The recipient's server refused it, or it could not be brought there in time.",
)


@object_type("The last mail that was sent to a User.", ADMINISTRATION)
class UserMail:
    """A mail."""

    kind: MailKind = field("What it tells.", ADMINISTRATION)
    recipient: str = field("The address that it was sent to.", ADMINISTRATION)
    delivery: Delivery = field("What became of it.", ADMINISTRATION)
    reason: str = field("Why it was refused, or not taken yet, as the server words it.", ADMINISTRATION)


@object_type("What a User may see, beside its roles; null is all of the customer's.", ADMINISTRATION)
class DataScope:
    """A data scope."""

    billing_accounts: list[strawberry.ID] | None = field("The billing accounts.", ADMINISTRATION)
    locations: list[strawberry.ID] | None = field("The locations.", ADMINISTRATION)
    solutions: list[strawberry.ID] | None = field("The Solutions.", ADMINISTRATION)


@object_type("A User of the customer, as its administrators see it.", ADMINISTRATION)
class User:
    """A User."""

    username: str = field("The name by which the User signs in.", ADMINISTRATION)
    email: str = field("Its e-mail address.", ADMINISTRATION)
    state: AccountState = field("Where its account stands.", ADMINISTRATION)
    administrator: bool = field("Whether it manages Users and partner clients.", ADMINISTRATION)
    roles: list[SectionRole] = field("What it may do in each section of the portal.", ADMINISTRATION)
    scope: DataScope = field("What it may see.", ADMINISTRATION)
    second_factor: bool = field("Whether it signs in with a second factor.", ADMINISTRATION)
    created_at: datetime = field("When its account was made.", ADMINISTRATION)
    last_used_at: datetime | None = field("When it last signed in or was active.", ADMINISTRATION)
    mail: UserMail | None = field("The last mail to it.", ADMINISTRATION)


@object_type("What the customer demands of its Users.", ADMINISTRATION)
class SecurityPolicy:
    """A policy."""

    second_factor: bool = field("Whether they sign in with a second factor.", ADMINISTRATION)
    email_domains: list[str] = field(
        "The domains of their e-mail addresses; any where none is named.", ADMINISTRATION
    )


@input_type("A role in a section.")
class SectionRoleInput:
    """A role in a section."""

    section: Section = input_field("The section.", ALWAYS)
    role: Role = input_field("What the User may do there.", ALWAYS)


@input_type("What a User may see, beside its roles; what is left out or null is all that you see.")
class DataScopeInput:
    """A data scope."""

    billing_accounts: list[strawberry.ID] | None = input_field(
        "These billing accounts.", ALWAYS, node="BillingAccount", default=None
    )
    locations: list[strawberry.ID] | None = input_field(
        "What is at these locations.", ALWAYS, node="Location", default=None
    )
    solutions: list[strawberry.ID] | None = input_field(
        "What belongs to these Solutions.", ALWAYS, node="Solution", default=None
    )


USERNAME: Final = argument("username", str, "The User's name.", ALWAYS)
ROLES: Final = argument(
    "roles", list[SectionRoleInput], "A role in each section; NONE in those not named.", ALWAYS
)
