"""The coverage rules that the project comes with, as ``CoverageSnapshots`` takes them."""

from typing import Final

from auth.rule_book import RuleBook, shipped_book

SHIPPED: Final = shipped_book()


async def shipped() -> RuleBook:
    """Give the rules that the project comes with."""
    return SHIPPED
