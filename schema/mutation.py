"""Where every mutation starts."""

from auth.client import ClientKind
from auth.feature import ADMINISTRATION, ALWAYS
from resolvers import partner_client, user
from schema.field import argument, field
from schema.node import object_type
from schema.partner_client import CLIENT_ID, SCOPES, NewClientSecret, PartnerClient
from schema.user import ROLES, USERNAME, DataScopeInput, SecurityPolicy, User


@object_type("What is changed; a document with anything that you may not do is refused whole.")
class Mutation:
    """The root of all mutations."""

    invite_user: User | None = field(
        "Invite a User: it is sent a link to set its password.",
        ADMINISTRATION,
        batch=user.invite,
        arguments=[
            USERNAME,
            argument("email", str, "Where the link is sent.", ALWAYS),
            ROLES,
            argument(
                "administrator", bool, "Whether it manages Users and partner clients.", ALWAYS, default=False
            ),
            argument("scope", DataScopeInput | None, "What it may see; all that you see.", ALWAYS),
        ],
    )
    resend_invitation: User | None = field(
        "Send a User without a password another link; earlier ones are void.",
        ADMINISTRATION,
        batch=user.resend,
        arguments=[USERNAME],
    )
    set_user_roles: User | None = field(
        "Set what a User may do; nobody raises himself, and one administrator stays.",
        ADMINISTRATION,
        batch=user.set_roles,
        arguments=[
            USERNAME,
            ROLES,
            argument("administrator", bool | None, "Whether it manages Users; as it was.", ALWAYS),
        ],
    )
    set_user_scopes: User | None = field(
        "Set what a User may see; nobody raises himself.",
        ADMINISTRATION,
        batch=user.set_scopes,
        arguments=[USERNAME, argument("scope", DataScopeInput, "What it may see.", ALWAYS)],
    )
    deactivate_user: User | None = field(
        "End all that a User has: sessions, tokens and links. The last administrator stays.",
        ADMINISTRATION,
        batch=user.deactivate,
        arguments=[USERNAME],
    )
    reactivate_user: User | None = field(
        "Let a User that was deactivated sign in again.",
        ADMINISTRATION,
        batch=user.reactivate,
        arguments=[USERNAME],
    )
    set_security_policy: SecurityPolicy | None = field(
        "Set what the customer demands of its Users from now on; who is there keeps its address.",
        ADMINISTRATION,
        batch=user.set_policy,
        arguments=[
            argument("second_factor", bool, "Whether they sign in with a second factor.", ALWAYS),
            argument("email_domains", list[str], "The domains of their addresses; any for none.", ALWAYS),
        ],
    )
    create_partner_client: NewClientSecret | None = field(
        "Register an application of a partner, which may do and see no more than you.",
        ADMINISTRATION,
        batch=partner_client.create,
        arguments=[
            argument("name", str, "Its name, as Users are shown it.", ALWAYS),
            argument("kind", ClientKind, "How it gets its access tokens.", ALWAYS),
            SCOPES,
            argument(
                "redirect_uris", list[str], "Where Users come back to; none for SERVICE.", ALWAYS, default=[]
            ),
            argument("scope", DataScopeInput | None, "What it may see; all that you see.", ALWAYS),
            argument(
                "strict", bool, "Whether fields that are hidden are unknown to it.", ALWAYS, default=False
            ),
        ],
    )
    rotate_partner_secret: NewClientSecret | None = field(
        "Give a client of yours another secret; the one before can be used for some days more.",
        ADMINISTRATION,
        batch=partner_client.rotate,
        arguments=[CLIENT_ID],
    )
    set_partner_scopes: PartnerClient | None = field(
        "Set what a client may do and see of the customer; no scope at all is nothing.",
        ADMINISTRATION,
        batch=partner_client.set_scopes,
        arguments=[
            CLIENT_ID,
            SCOPES,
            argument("scope", DataScopeInput | None, "What it may see; as it was.", ALWAYS),
        ],
    )
    revoke_partner_client: PartnerClient | None = field(
        "End a client of yours: its secrets and its tokens.",
        ADMINISTRATION,
        batch=partner_client.revoke,
        arguments=[CLIENT_ID],
    )
