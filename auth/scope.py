"""The scopes of access tokens: what a client may do, at most; rights and coverage bound it further."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from auth.feature import Feature
from auth.right import Role

OPENID: Final = "openid"
PROFILE: Final = "profile"
EMAIL: Final = "email"
OFFLINE: Final = "offline_access"
"""Keep access while nobody looks: a refresh token (OpenID Connect Core section 11)."""
PORTAL: Final = "portal"
"""Everything that the User may do; for the operator's own applications."""
READONLY: Final = ":readonly"

IDENTITY: Final = (OPENID, PROFILE, EMAIL, OFFLINE)
"""The scopes of OpenID Connect: who the User is, nothing of what it may see."""


def name(feature: Feature) -> str:
    """Give the scope that opens *feature*; with ``:readonly`` after it, only to read."""
    return feature.value.lower().replace("_", "-")


FEATURES: Final[Mapping[str, Feature]] = MappingProxyType({name(each): each for each in Feature})
"""The feature of each scope, without ``:readonly``."""

SCOPES: Final = (*IDENTITY, PORTAL, *(each + suffix for each in FEATURES for suffix in ("", READONLY)))
"""Every scope there is."""


@lru_cache(maxsize=1_024)
def allowed_roles(scope: str) -> Mapping[Feature, Role]:
    """Give the role that the scopes in *scope*, separated by spaces, allow in each feature, at most."""
    given = frozenset(scope.split())
    if PORTAL in given:
        return MappingProxyType(dict.fromkeys(Feature, Role.MANAGER))
    return MappingProxyType({feature: _role(named, given) for named, feature in FEATURES.items()})


def within(asked: str, allowed: Collection[str]) -> bool:
    """Tell whether every scope in *asked* is one of *allowed*, or the ``:readonly`` of one."""
    return all(_is_within(each, allowed) for each in asked.split())


def joined(scopes: Collection[str]) -> str:
    """Give *scopes* as a token has them: each once, in the order of ``SCOPES``, separated by spaces."""
    return " ".join(each for each in SCOPES if each in scopes)


def bounded(scopes: Collection[str], by: Collection[str]) -> tuple[str, ...]:
    """Give what both allow, in the order of ``SCOPES``; who the User is, is bounded by *scopes* alone."""
    both = [
        each for each in SCOPES if _is_within(each, scopes) and (each in IDENTITY or _is_within(each, by))
    ]
    return tuple(each for each in both if each.removesuffix(READONLY) not in both or READONLY not in each)


def _is_within(scope: str, allowed: Collection[str]) -> bool:
    return scope in allowed or (scope.endswith(READONLY) and scope.removesuffix(READONLY) in allowed)


def _role(named: str, given: Collection[str]) -> Role:
    if named in given:
        return Role.MANAGER
    return Role.READER if named + READONLY in given else Role.NONE
