"""``servicespace coverage``."""

import asyncio
import getpass
import os
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.progress import track

from auth.feature import Feature
from auth.rule_book import PLACES, Place, RuleBook
from auth.rule_store import RulesChangedError, RuleStoreError
from auth.rule_toml import as_toml
from auth.rules import CATEGORIES, CoverageRulesError
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.coverage_report import (
    WIDE,
    change_lines,
    effect_lines,
    history,
    matrix,
    matrix_notes,
    schema_lines,
    shift_lines,
    with_names,
)
from servicespace.effects import coverage_on
from servicespace.rule_changes import (
    Plan,
    RuleFile,
    apply_plan,
    audit_of,
    book_of,
    customer_of,
    plan_of,
    read_rules,
)
from servicespace.simulation import Supposed, UnknownSolutionsError, supposed
from sources.errors import SourceError
from sources.keys import CustomerCode
from sources.ordering import Market, PortalOption, SolutionCategory

T = TypeVar("T")

_MANY: Final = 50
"""From how many customers on a progress bar is shown."""
_WRONG: Final = 2
"""The exit code of a command that was given something wrong."""

coverage: Final = typer.Typer(
    name="coverage",
    help="The coverage rules: what a Solution opens, by category, market and portal option. They are data of "
    "the store, in versions: `show --toml` writes them as a file, `diff` tells what an edited one would do, "
    "`apply` makes it the next version. Days are UTC days.",
    no_args_is_help=True,
)

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE.toml", exists=True, dir_okay=False, help="The [[rule]]s to change.")
]
DayOption = Annotated[
    datetime | None,
    typer.Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="A day such as 2026-12-01; else today."),
]
FeatureOption = Annotated[Feature | None, typer.Option(help="This feature only.")]
MarketOption = Annotated[Market | None, typer.Option(help="INTL when not given; both with --toml.")]
OptionOption = Annotated[PortalOption | None, typer.Option(help="STANDARD when not given; all with --toml.")]
TomlOption = Annotated[
    bool, typer.Option("--toml", help="As a file that `apply` takes: what holds on that day, and later.")
]
HistoryOption = Annotated[
    bool,
    typer.Option("--history", help="All versions: who applied which file, why, and what it did."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask, and do not tell what changes.")]
EvenOption = Annotated[
    bool,
    typer.Option(
        "--even-if-nothing-is-left",
        help="With --yes: also if a customer keeps nothing but what is never gated.",
    ),
]
ReasonOption = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; kept with the version.")]
AddOption = Annotated[
    list[SolutionCategory] | None,
    typer.Option("--add-solution", metavar="CATEGORY", help="As if it had one more of this; repeat it."),
]
RemoveOption = Annotated[
    list[str] | None,
    typer.Option("--remove-solution", metavar="ID", help="As if it had not this one; repeat it."),
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE.toml", exists=True, dir_okay=False, help="As if it were applied."),
]


@coverage.command()
def show(
    feature: FeatureOption = None,
    on: DayOption = None,
    market: MarketOption = None,
    portal_option: OptionOption = None,
    *,
    toml: TomlOption = False,
    audit: HistoryOption = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Show the rules as a matrix of features and Solution categories, for one market and portal option."""
    settings = settings_of(data, config)
    if audit:
        _print_lines(history(_run(audit_of(settings))))
        return
    today = _today()
    day = _day(on, today)
    book = _run(book_of(settings))
    if toml:
        typer.echo(as_toml(book, _places(feature, market, portal_option), day, today), nl=False)
        return
    named = (market or Market.INTL).value, (portal_option or PortalOption.STANDARD).value
    _print_matrix(book, day, *named, list(Feature) if feature is None else [feature])


@coverage.command()
def diff(file: FileArgument, data: DataOption = DATA, config: ConfigOption = None) -> None:
    """Tell what a file would change: which rules, and which customers gain and lose which features."""
    settings = settings_of(data, config)
    _print_plan(_run(plan_of(settings, _read(file), _watched)))


@coverage.command()
def apply(
    file: FileArgument,
    *,
    yes: YesOption = False,
    even_if_nothing_is_left: EvenOption = False,
    reason: ReasonOption = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Make the rules of a file the next version: all of them or, where one is wrong, none.

    For each place that the file names, its periods replace everything from the earliest of their first days
    on; what held before stays. It says what changes and asks first.
    """
    settings = settings_of(data, config)
    plan = _run(plan_of(settings, _read(file), _watched))
    if not yes or plan.is_empty:
        _print_plan(plan)
    if plan.is_empty:
        return
    _confirm(plan, yes=yes, even_if_nothing_is_left=even_if_nothing_is_left)
    version = _run(apply_plan(settings, plan, _operator(), reason))
    _print_lines([f"Applied {plan.file.name} as version {version}."])


@coverage.command()
def simulate(
    customer: Annotated[str, typer.Option(metavar="CODE", help="The customer.")],
    added: AddOption = None,
    removed: RemoveOption = None,
    rules: RulesOption = None,
    on: DayOption = None,
    portal_option: Annotated[PortalOption | None, typer.Option(help="As if it had this one.")] = None,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Show how a customer's features and schema would differ from what it has today; stores nothing.

    With --on alone: by the rules as they stand for that day.
    """
    today = _today()
    if SolutionCategory.UNKNOWN in (added or []):
        reason = f"no rule is about UNKNOWN; choose from {', '.join(CATEGORIES)}"
        raise typer.BadParameter(reason, param_hint="--add-solution")
    file = None if rules is None else _read(rules, today)
    book, (known, solutions), others = _run(customer_of(settings_of(data, config), CustomerCode(customer)))
    if known is None:
        raise _ended(_unknown_customer(customer, others), _WRONG)
    try:
        then = supposed(known, solutions, Supposed(added or [], removed or [], portal_option))
    except UnknownSolutionsError as error:
        raise _ended(_unknown_solutions(customer, error), _WRONG) from error
    before = coverage_on((known, solutions), book, today)
    after = coverage_on(then, book if file is None else book.changed(file.rules), _day(on, today))
    _print_lines(shift_lines(before, after), "All features are as today.")
    _print_lines(schema_lines(before, after), "The schema is as today.")


def _today() -> date:
    return datetime.now(UTC).date()


def _day(on: datetime | None, today: date) -> date:
    return today if on is None else on.date()


def _places(
    feature: Feature | None, market: Market | None, portal_option: PortalOption | None
) -> Sequence[Place]:
    """Give the places that the options name, all where none does."""
    return [
        place
        for place in PLACES
        if feature in {None, place.feature}
        and (market is None or market.value == place.market)
        and (portal_option is None or portal_option.value == place.portal_option)
    ]


def _read(file: Path, today: date | None = None) -> RuleFile:
    """Read a rules file; end the command with a sentence where it is wrong."""
    try:
        return read_rules(file, today or _today())
    except CoverageRulesError as error:
        raise _ended(f"{error}. Nothing of the file is taken.", _WRONG) from error
    except OSError as error:
        raise _ended(f"{file} cannot be read: {error.strerror}.", _WRONG) from error


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Do *work* with the store; end the command with a sentence where that fails."""
    try:
        return asyncio.run(work)
    except RulesChangedError as error:
        raise _ended(
            "Another file was applied in the meantime. Nothing of this one was applied: "
            "look at what it does now with `servicespace coverage diff`, and apply it again."
        ) from error
    except (RuleStoreError, SourceError) as error:
        raise _ended(f"The store cannot be used: {error}. Nothing was changed; try again later.") from error
    except KeyboardInterrupt:
        raise _ended("Stopped.", 130) from None


def _watched(customers: Sequence[CustomerCode]) -> Iterable[CustomerCode]:
    """Give the customers, with a progress bar where they are many."""
    return track(
        customers, "Looking at customers", console=err, transient=True, disable=len(customers) < _MANY
    )


def _confirm(plan: Plan, *, yes: bool, even_if_nothing_is_left: bool) -> None:
    """Have the operator agree; end the command where nobody does."""
    emptied = plan.outlook.emptied
    if emptied:
        _warn_of(emptied)
    agreed = yes and (even_if_nothing_is_left or not emptied)
    if agreed:
        return
    if not sys.stdin.isatty():
        options = "--yes --even-if-nothing-is-left" if emptied else "--yes"
        raise _ended(f"Nothing was applied: there is no terminal to ask on. To apply without, add {options}.")
    if not typer.confirm("Apply this?", err=True):
        raise _ended("Nothing was applied.")


def _warn_of(emptied: Sequence[CustomerCode]) -> None:
    err.print(
        f"Nothing but what is never gated would be left to {', '.join(emptied)} ({len(emptied)}).",
        style="yellow",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _operator() -> str:
    """Give the name of the one who runs this, as the operating system has it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        return f"uid {os.getuid()}"


def _print_matrix(
    book: RuleBook, day: date, market: str, portal_option: str, features: Sequence[Feature]
) -> None:
    told = f"Coverage rules, version {book.version}: {portal_option} portal, market {market}, on {day}"
    table = matrix(book.at(day), market, portal_option, features)
    _print_lines([told])
    out.print(with_names(table) if out.width >= WIDE else table, highlight=False)
    _print_lines(matrix_notes(book, day))


def _print_plan(plan: Plan) -> None:
    if plan.is_empty:
        _print_lines([f"{plan.file.name} changes nothing; version {plan.before.version} stays."])
        return
    _print_lines(["Rules:", *(f"  {line}" for line in change_lines(plan.before, plan.after))])
    effects = list(effect_lines(plan.outlook.effects)) or ["none gains or loses anything"]
    _print_lines(["Customers:", *(f"  {line}" for line in effects)])


def _print_lines(lines: Iterable[str], otherwise: str | None = None) -> None:
    """Print *lines*, or what is said where there are none."""
    shown = list(lines)
    if not shown and otherwise is not None:
        shown = [otherwise]
    for line in shown:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


def _ended(message: str, code: int = 1) -> typer.Exit:
    """Say why the command ends, and give what ends it."""
    err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def _unknown_customer(code: str, others: Sequence[str]) -> str:
    known = f"it has {', '.join(others)}" if others else "it has none; `servicespace demo` makes some"
    return f"There is no customer {code!r} in this store: {known}."


def _unknown_solutions(customer: str, error: UnknownSolutionsError) -> str:
    known = f"it has {', '.join(error.known)}" if error.known else "it has none"
    return f"{customer} has no Solution {', '.join(error.unknown)} to remove: {known}."
