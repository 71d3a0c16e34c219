"""What is asked: the documents, and the SQL that peers answer them by."""

from typing import Final

from bench.folder import HERE


def document(name: str) -> str:
    """Give the text of a document in ``documents/``."""
    return (HERE / "documents" / f"{name}.graphql").read_text()


def statement(name: str) -> str:
    """Give the text of a statement in ``statements/``; Node's peers read the same files."""
    return (HERE / "statements" / f"{name}.sql").read_text()


DASHBOARD: Final = document("dashboard")
"""50 Solutions with what is billed, asked, installed and maintained: about 1,900 objects, 11,000 leaves."""

SMALL: Final = document("small")
"""The viewer and one Solution: 8 leaves."""

HIDDEN: Final = document("hidden")
"""1,000 components, each with maintenance."""

SOLUTIONS: Final = 50
INVOICES: Final = 5
TICKETS: Final = 10
COMPONENTS: Final = 20
MAINTENANCE: Final = 3
"""How many rows of each kind the dashboard asks for."""
