"""``servicespace doctor``."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
import typer
from rich.table import Table

from servicespace.commands.options import DATA, ConfigOption, DataOption, out, settings_of
from servicespace.upstreams.doctor import Finding, examine
from sources.tmf.settings import Strategy

SECONDS: Final = 15.0
"""For how long all systems are asked."""

_COLUMNS: Final = ("Upstream", "Reachable", "Status", "Version", "Filters", "Totals", "Ids by", "ms")
_WORDS: Final = {True: "yes", False: "no", None: "?"}


def doctor(
    data: DataOption = DATA,
    config: ConfigOption = None,
    seconds: Annotated[float, typer.Option(min=0.1, metavar="N", help="For how long to ask.")] = SECONDS,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask each system that is not embedded a few questions, and tell what it is like.

    No customer is asked for, and no row is shown. Ends with 1 where a system cannot be used.
    """
    settings = settings_of(data, config)
    findings = asyncio.run(examine(settings.upstream, settings.secrets, seconds=seconds))
    if json:
        typer.echo(msgspec.json.encode(findings))
    elif not findings:
        out.print("All systems are embedded: there is nobody to ask.")
    else:
        _show(findings)
    if not all(each.reachable for each in findings):
        raise typer.Exit(1)


def _show(findings: Sequence[Finding]) -> None:
    table = Table(*_COLUMNS)
    for each in findings:
        table.add_row(*_row(each))
    out.print(table)
    for each in findings:
        for remark in _remarks(each):
            out.print(f"{each.upstream}: {remark}", markup=False, highlight=False, soft_wrap=True)


def _row(finding: Finding) -> Sequence[str]:
    strategies = finding.strategies
    return (
        finding.upstream,
        _WORDS[finding.reachable],
        "?" if finding.status is None else str(finding.status),
        " and ".join(each.value for each in finding.versions) or "?",
        _WORDS[finding.filters],
        _WORDS[finding.totals],
        "?" if strategies is None else ", ".join(each.value for each in strategies) or "list only",
        "?" if finding.milliseconds is None else f"{finding.milliseconds:.0f}",
    )


def _remarks(finding: Finding) -> Sequence[str]:
    """Say what there is to do."""
    remarks: list[str] = []
    if finding.fault is not None:
        remarks.append(finding.fault)
    if finding.versions and finding.version not in finding.versions:
        remarks.append(f"the settings say {finding.version.value}: set `things.version`")
    working = finding.strategies
    if working is not None and finding.strategy not in (*working, Strategy.LIST):
        better = next(iter(working), Strategy.LIST).value
        remarks.append(f"{finding.strategy.value} does not work: set `things.strategy` to {better}")
    if finding.filters is False:
        remarks.append(
            "filters are ignored: whole lists are read, and what is not asked for is left out here"
        )
    return remarks
