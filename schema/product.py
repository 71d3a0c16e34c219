"""Ordered products: what Solutions and service points have in common."""

from auth.feature import ALWAYS
from schema.enum import described
from sources.ordering import ProductStatus

__all__ = ["ProductStatus"]

described(
    ProductStatus,
    "The life of an ordered product (TMF637).",
    ALWAYS,
    CREATED="Ordered, nothing done yet.",
    PENDING_ACTIVE="Being delivered.",
    ACTIVE="In service.",
    SUSPENDED="Out of service for a time.",
    PENDING_TERMINATE="Being disconnected.",
    TERMINATED="Disconnected.",
    CANCELLED="Cancelled before it was in service.",
    ABORTED="Given up during delivery.",
    UNKNOWN="A state that this schema does not know; `rawStatus` has its text.",
)
