"""``servicespace seed``."""

import asyncio
import re
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated, Final

import typer

from auth.store import UsernameTakenError, UserStoreError
from servicespace.announcements import announce
from servicespace.commands.options import DATA, ConfigOption, DataOption, err, out, settings_of
from servicespace.demo.catalog import CATALOG
from servicespace.demo.customers import seed_customer, users_of
from servicespace.demo.load import present
from servicespace.demo.plan import SEED, Plan
from servicespace.demo.profiles import PROFILES, ProfileName
from servicespace.demo.progress import load_showing
from servicespace.settings import Settings
from sources.errors import SourceError
from sources.ordering import Market, PortalOption, SolutionCategory

CustomerOption = Annotated[
    str | None, typer.Option(metavar="CODE", help="The customer's code; seed-PROFILE when not given.")
]
CategoryOption = Annotated[
    list[SolutionCategory] | None,
    typer.Option(help="What it orders, in turn; repeat it. The operator's whole catalogue when not given."),
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Write over a customer that is there; what else it has stays.")
]

_CODE: Final = re.compile(r"[a-z0-9](-?[a-z0-9]){0,39}")


def seed(  # noqa: PLR0913 - a command's options
    profile: Annotated[ProfileName, typer.Option(help="How much data.")],
    customer: CustomerOption = None,
    number: Annotated[int, typer.Option("--seed", metavar="N", help="What all chance follows from.")] = SEED,
    market: Annotated[Market, typer.Option(help="Where its Solutions are sold.")] = Market.INTL,
    portal_option: Annotated[
        PortalOption, typer.Option(help="Its web portal option.")
    ] = PortalOption.PREMIUM,
    category: CategoryOption = None,
    *,
    again: AgainOption = False,
    data: DataOption = DATA,
    config: ConfigOption = None,
) -> None:
    """Load one made-up customer, for trying things out and for benchmarks.

    The same profile, seed and day give the same data. The customer has one User, CODE-admin, who sees all. It
    is there when all of it is loaded: a load that fails or is stopped leaves nothing behind.
    """
    settings = settings_of(data, config)
    code = _checked(customer or f"seed-{profile}")
    ordered = _sold(category)
    plan = Plan(
        seed_customer(code, market, portal_option, ordered),
        PROFILES[profile],
        number,
        datetime.now(UTC).date(),
    )
    _run(settings, plan, again=again)
    [user] = users_of(plan.customer)
    where = f"--data {data}" if config is None else f"--config {config}"
    out.print(
        f"For a token: servicespace token {user.username} {where}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise typer.BadParameter(
            "use small letters, digits and single dashes, 40 at the most", param_hint="--customer"
        )
    return code


def _sold(category: list[SolutionCategory] | None) -> list[SolutionCategory]:
    ordered = [each for each in category or CATALOG if each in CATALOG]
    if not ordered:
        raise typer.BadParameter("the operator does not sell that", param_hint="--category")
    return ordered


def _run(settings: Settings, plan: Plan, *, again: bool) -> None:
    """Load; end the command with a sentence where that fails."""
    try:
        asyncio.run(_seed(settings, plan, again=again))
    except KeyboardInterrupt:
        err.print("Stopped. Nothing of it was stored.")
        raise typer.Exit(130) from None
    except UsernameTakenError as error:
        err.print(f"User {error} belongs to another customer; choose another --customer.", style="red")
        raise typer.Exit(1) from error
    except (SourceError, UserStoreError) as error:
        err.print(f"The store cannot be used: {error}", style="red", markup=False)
        raise typer.Exit(1) from error


async def _seed(settings: Settings, plan: Plan, *, again: bool) -> None:
    if not again and await present(settings.store, [plan.code]):
        err.print(f"Customer {plan.code} is there already; --again writes over it.", style="red")
        raise typer.Exit(1)
    began = monotonic()
    rows = await load_showing(settings.store, plan, err)
    await announce(settings.valkey)
    out.print(f"Loaded {plan.code}: {rows:,} rows in {monotonic() - began:.1f} s.", highlight=False)
