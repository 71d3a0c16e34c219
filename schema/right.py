"""What a User may do: a role in each section of the portal (identity.md "Rights")."""

from auth.feature import ALWAYS
from auth.right import Role, Section
from schema.enum import described
from schema.field import field
from schema.node import object_type

described(
    Role,
    "What a User may do in a section; each role may do what those before it may.",
    ALWAYS,
    NONE="Nothing: the section is not there.",
    VISITOR="See what is listed.",
    READER="See the details, download.",
    CONTRIBUTOR="Create.",
    MANAGER="Approve, accept, settle.",
)

described(
    Section,
    "A part of the portal in which a User has one role (terms of use 1.2).",
    ALWAYS,
    ORDERS="Quotes and orders.",
    DISCONNECTS="Disconnects.",
    BILLING="Invoices, credit notes, queries about them.",
    SELFCARE="Management tools of the ordered Solutions.",
    INCIDENTS="Incidents and events.",
    CHANGES="Changes, from the catalog or a device.",
    INVENTORY="The components of the ordered Solutions.",
    REPORTING="Reports about usage, quality and performance.",
    MAINTENANCE="Maintenance of the operator's network.",
    DOCUMENTS="The library of documents.",
)


@object_type("The role of a User in a section.")
class SectionRole:
    """A role in a section."""

    section: Section = field("The section.", ALWAYS)
    role: Role = field("What the User may do there.", ALWAYS)
