"""Who asks."""

from collections.abc import Sequence
from typing import NamedTuple

from auth.right import Rights, Role, Section
from auth.viewer import Viewer
from resolvers.context import Info
from sources.ordering import CustomerRecord


class SectionRole(NamedTuple):
    """The role of a User in a section."""

    section: Section
    role: Role


async def of_request(parents: Sequence[None], info: Info) -> Sequence[Viewer]:
    """Give the User whose token the request carries."""
    return [info.context.viewer for _ in parents]


def administrator(viewer: Viewer) -> bool:
    """Tell whether the User is an administrator of the customer."""
    return viewer.rights.administrator


def roles(viewer: Viewer) -> Sequence[SectionRole]:
    """Give the User's role in each section, in the order of the sections."""
    return roles_of(viewer.rights)


def roles_of(rights: Rights) -> Sequence[SectionRole]:
    """Give the role in each section, in the order of the sections."""
    return [SectionRole(each, rights.role(each)) for each in Section]


async def customers(viewers: Sequence[Viewer], info: Info) -> Sequence[CustomerRecord | None]:
    """Give the customer that each User belongs to."""
    context = info.context
    return await context.load.customer.by_id.load_many(context.customer for _ in viewers)
