"""Where every query starts."""

import strawberry

from auth.feature import ADMINISTRATION, ALWAYS, Feature
from resolvers import (
    audit,
    billing_account,
    component,
    coverage,
    invoice,
    location,
    maintenance,
    partner_client,
    service_point,
    solution,
    ticket,
    viewer,
)
from resolvers import user as accounts
from resolvers.node import by_id, by_ids
from schema.audit import AuditEntry
from schema.billing_account import BILLING_ACCOUNTS, BillingAccount
from schema.component import COMPONENTS, Component
from schema.connection import Connection
from schema.coverage import OF_COORDINATES, CatalogFeature, CoordinateCoverage
from schema.field import argument, field
from schema.invoice import INVOICES, BillingDocument
from schema.location import LOCATIONS, Location
from schema.maintenance import MAINTENANCE_EVENTS, MaintenanceEvent
from schema.node import Node, object_type
from schema.partner_client import PartnerClient
from schema.service_point import SERVICE_POINTS, ServicePoint
from schema.solution import SOLUTIONS, Solution
from schema.ticket import TICKETS, Ticket
from schema.user import USERNAME, SecurityPolicy, User
from schema.viewer import Viewer


@object_type("Everything that the portal shows a customer.")
class Query:
    """The root of all queries."""

    viewer: Viewer | None = field("The User who asks.", ALWAYS, batch=viewer.of_request)
    users: list[User] | None = field(
        "The Users of the customer, by name.", ADMINISTRATION, batch=accounts.of_customer
    )
    user: User | None = field(
        "The User of that name; NOT_FOUND where the customer has none.",
        ADMINISTRATION,
        batch=accounts.named,
        arguments=[USERNAME],
    )
    security_policy: SecurityPolicy | None = field(
        "What the customer demands of its Users.", ADMINISTRATION, batch=accounts.policy
    )
    partner_clients: list[PartnerClient] | None = field(
        "The applications of partners that the customer owns, or that may see some of it.",
        ADMINISTRATION,
        batch=partner_client.of_customer,
    )
    audit_log: list[AuditEntry] | None = field(
        "What happened to the customer's Users, clients and tokens, newest first.",
        ADMINISTRATION,
        batch=audit.of_customer,
        arguments=[
            argument("first", int, "How many, 1 to 100.", ALWAYS, default=25),
            argument("before", strawberry.ID | None, "Only what is older than the entry of this id.", ALWAYS),
        ],
    )
    coverage_of: list[CoordinateCoverage | None] | None = field(
        "How far coordinates of the published schema are covered, in their order: a look before a query.",
        ALWAYS,
        batch=OF_COORDINATES,
        arguments=[argument("coordinates", list[str], "Such as `Ticket.status`, 100 at the most.", ALWAYS)],
    )
    feature_catalog: list[CatalogFeature] | None = field(
        "The features of the portal and the services that each covers today (terms of use 1.1).",
        ALWAYS,
        batch=coverage.catalog,
        arguments=[argument("features", list[Feature] | None, "These; all.", ALWAYS)],
    )
    node: Node | None = field(
        "The object with a global id; NOT_FOUND where there is none for you.",
        ALWAYS,
        batch=by_id,
        arguments=[argument("id", strawberry.ID, "The global id.", ALWAYS)],
    )
    nodes: list[Node | None] | None = field(
        "The objects with these global ids, in their order; null and NOT_FOUND where there is none for you.",
        ALWAYS,
        batch=by_ids,
        arguments=[argument("ids", list[strawberry.ID], "The global ids, 100 at the most.", ALWAYS)],
    )
    solutions: Connection[Solution] | None = field(
        "The Solutions that the customer ordered.", ALWAYS, batch=solution.of_customer, lists=SOLUTIONS
    )
    service_points: Connection[ServicePoint] | None = field(
        "What is installed for the customer, and where.",
        ALWAYS,
        batch=service_point.of_customer,
        lists=SERVICE_POINTS,
    )
    locations: Connection[Location] | None = field(
        "The customer's sites.", ALWAYS, batch=location.of_customer, lists=LOCATIONS
    )
    billing_accounts: Connection[BillingAccount] | None = field(
        "The accounts that the customer's bills are made out to.",
        Feature.BILLING,
        batch=billing_account.of_customer,
        lists=BILLING_ACCOUNTS,
    )
    invoices: Connection[BillingDocument] | None = field(
        "The customer's invoices and credit notes.",
        Feature.BILLING,
        batch=invoice.of_customer,
        lists=INVOICES,
    )
    tickets: Connection[Ticket] | None = field(
        "The customer's incidents, requests, billing queries and questions.",
        Feature.INCIDENTS,
        batch=ticket.of_customer,
        lists=TICKETS,
    )
    components: Connection[Component] | None = field(
        "The components of the network that the Solutions include.",
        Feature.INVENTORY,
        batch=component.of_customer,
        lists=COMPONENTS,
    )
    maintenance_events: Connection[MaintenanceEvent] | None = field(
        "The maintenance of the operator's network that touches the customer's.",
        Feature.MAINTENANCE,
        batch=maintenance.of_customer,
        lists=MAINTENANCE_EVENTS,
    )
