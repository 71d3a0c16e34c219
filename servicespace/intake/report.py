"""What became of each thing in the files: counted, and shown as a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from rich.table import Table
from rich.text import Text

from servicespace.intake.files import printable
from sources.intake import CONTENT_LENGTH, IntakeFormat, RefusalRecord
from sources.keys import CustomerCode
from sources.table import Saved

STORED: Final = "(in the store)"
"""Stands for the file of a thing that came with an earlier import."""

_REASON_LENGTH: Final = 300
_ROWS: Final = 500
"""How many rows the table has at most; what is left out of it is counted all the same."""


@dataclass(slots=True)
class Counts:
    """How many things of a file shared one fate."""

    saved: Saved = field(default_factory=Saved)
    left_out: int = 0
    quarantined: int = 0

    @property
    def text(self) -> str:
        """The counts that are not 0, in words."""
        return ", ".join(f"{number} {name}" for name, number in self.named() if number)

    def named(self) -> tuple[tuple[str, int], ...]:
        """Give every count with its name."""
        return (
            ("taken in", self.saved.taken_in),
            ("updated", self.saved.updated),
            ("unchanged", self.saved.unchanged),
            ("left out", self.left_out),
            ("quarantined", self.quarantined),
        )

    def add(self, other: "Counts") -> None:
        """Count *other* in."""
        self.saved += other.saved
        self.left_out += other.left_out
        self.quarantined += other.quarantined


@dataclass(slots=True)
class Report:
    """The outcome of one import for one customer."""

    customer: CustomerCode
    format: IntakeFormat
    now: datetime
    rows: dict[tuple[str, str, str], Counts] = field(default_factory=dict[tuple[str, str, str], Counts])
    refusals: list[RefusalRecord] = field(default_factory=list[RefusalRecord])

    def saved(self, file: str, kind: str, saved: Saved, why: str = "") -> None:
        """Count what a save did with things of *file*."""
        if saved != Saved():
            self._row(file, kind, why).add(Counts(saved=saved))

    def leave_out(self, file: str, kind: str, why: str, number: int = 1) -> None:
        """Count things that are no business of ours."""
        self._row(file, kind, why).left_out += number

    def refuse(self, file: str, kind: str, why: str, content: bytes | None) -> None:
        """Count something that is quarantined, with its content or, where that was not read, without."""
        why = printable(why)[:_REASON_LENGTH]
        self._row(file, kind, why).quarantined += 1
        kept = content if content is not None else f"{file}: {why}".encode()
        text = None if content is None else content[: 4 * CONTENT_LENGTH].decode(errors="replace")
        self.refusals.append(
            RefusalRecord(
                customer=self.customer,
                id=sha256(kept).hexdigest(),
                file=file,
                format=self.format,
                reason=why,
                first_seen_at=self.now,
                content=None
                if text is None
                else text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:CONTENT_LENGTH],
            )
        )

    @property
    def total(self) -> Counts:
        """All rows together."""
        total = Counts()
        for counts in self.rows.values():
            total.add(counts)
        return total

    def table(self) -> Table:
        """Give the rows as a table, by file."""
        table = Table("File", "Kind", "Result", "Why")
        for column in table.columns:
            column.overflow = "fold"
        rows = sorted(self.rows.items())
        for (file, kind, why), counts in rows[:_ROWS]:
            table.add_row(*_cells((file, kind, counts.text, why)))
        if len(rows) > _ROWS:
            table.add_row("…", "", "", f"and {len(rows) - _ROWS} rows more")
        return table

    def totals(self) -> str:
        """Give the totals in a sentence."""
        return ", ".join(f"{number} {name}" for name, number in self.total.named()) + "."

    def _row(self, file: str, kind: str, why: str) -> Counts:
        return self.rows.setdefault((file, kind, why), Counts())


def _cells(texts: Iterable[str]) -> list[Text]:
    return [Text(printable(each)) for each in texts]
