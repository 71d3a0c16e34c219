"""Demo data being loaded, with a bar that says so."""

from functools import partial

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from servicespace.demo.load import expected, load
from servicespace.demo.plan import Plan
from servicespace.store import StoreSettings


async def load_showing(store: StoreSettings, plan: Plan, console: Console) -> int:
    """Write the customer of *plan*, say on *console* how far that is, and give how many rows it was."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    total = expected(plan.profile)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(_named(plan, "tables"), total=total)
        await load(store, plan, partial(_advance, progress, task, plan))
        rows = int(progress.tasks[task].completed)
        # What was expected is about right; what was written is what it was.
        progress.update(task, total=rows, description=_named(plan, f"{rows:,} rows"))
    return rows


def _advance(progress: Progress, task: TaskID, plan: Plan, what: str, rows: int) -> None:
    progress.update(task, advance=rows, description=_named(plan, what))


def _named(plan: Plan, what: str) -> str:
    return f"{plan.code:14} {what:15}"
