"""Whose a thing is: what it says of its related parties, read again here whatever was asked for."""

from collections.abc import Iterable

from sources.tmf import Related, fold, many, optional_key


class Owners:
    """The parties that one customer is in one system, and the roles in which they own what names them."""

    def __init__(self, parties: frozenset[str], roles: Iterable[str]) -> None:
        """Take *roles* in any case; an empty text stands for a party that is named without one."""
        self._parties = parties
        self._roles = {fold(each) for each in roles}

    def own(self, named: Related | list[Related | None] | None) -> bool:
        """Tell whether *named*, a thing's related parties, hold one of these in one of the roles.

        Version 4 has the role beside the party's id, version 5 around the reference. A thing that names
        nobody is nobody's.
        """
        for each in many(named):
            own = each.target.id
            ours = own in self._parties or optional_key(own) in self._parties
            if ours and fold(each.role or "") in self._roles:
                return True
        return False
