"""``servicespace coverage``: the rules shown, changed and tried out."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from servicespace.cli import app
from servicespace.settings import Settings

RUN = CliRunner()
ROOT = Path(__file__).parents[2]
MAIN = "from servicespace.cli import main; main()"

WINTER = """\
[[rule]]
feature = "MAINTENANCE"
categories = ["SDWAN"]
markets = ["INTL"]
portal_options = ["STANDARD"]
level = "READ"
"""
NOTHING = '[[rule]]\nfeature = "{}"\ncategories = ["SDWAN"]\nlevel = "NONE"\nvalid_from = 2099-01-01\n'
GATED = (
    "QUOTES_ORDERS",
    "DISCONNECTS",
    "BILLING",
    "BILLING_QUERIES",
    "BILLING_NOTIFICATIONS",
    "SELFCARE",
    "INCIDENTS",
    "INCIDENT_REPORTS",
    "CHANGES_CATALOG",
    "CHANGES_FROM_DEVICE",
    "INVENTORY",
    "REPORT_USAGE",
    "REPORT_QUALITY",
    "REPORT_PERFORMANCE",
    "MAINTENANCE",
)


@pytest.fixture
def folder(filled: tuple[Settings, dict[str, str]], tmp_path: Path) -> Path:
    """Give the folder of a store with acme and other, each with an SD-WAN Solution, STANDARD."""
    assert filled[1].keys() == {"acme", "other"}
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return RUN.invoke(app, ["coverage", *arguments, "--data", str(folder)])


def file_of(folder: Path, text: str, name: str = "rules.toml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def nothing(folder: Path) -> str:
    """Give a file that takes from SD-WAN everything gated, one day."""
    return file_of(folder, "".join(NOTHING.format(each) for each in GATED))


def on_terminal(folder: Path, typed: str, *arguments: str) -> tuple[int, str]:
    """Run the command with a terminal on which *typed* is typed; give its exit code and what it printed."""
    ours, its = pty.openpty()
    os.write(ours, typed.encode())
    command = [sys.executable, "-c", MAIN, "coverage", *arguments, "--data", str(folder)]
    done = subprocess.run(
        command, stdin=its, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT
    )
    os.close(ours)
    os.close(its)
    return done.returncode, done.stdout + done.stderr


def versions(folder: Path) -> list[str]:
    history = run(folder, "show", "--history").output.splitlines()
    return [line.split(",")[0] for line in history if line.startswith("Version")]


@pytest.mark.parametrize("command", ["show", "diff", "apply", "simulate"])
def test_explains_every_command(command: str) -> None:
    listed = RUN.invoke(app, ["coverage", "--help"])
    explained = RUN.invoke(app, ["coverage", command, "--help"])

    assert command in listed.output
    assert explained.exit_code == 0
    assert "Usage:" in explained.output


def test_shows_the_matrix_of_the_standard_portal_in_the_international_market(folder: Path) -> None:
    result = run(folder, "show")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("Coverage rules, version 1: STANDARD portal, market INTL, on 20")
    cells = {line.split()[0]: line.split()[1:] for line in lines[4:25]}
    assert len(cells) == 21
    assert cells["MAINTENANCE"] == list("FFFFFFR···R·RR")
    assert cells["REPORT_ENHANCED_IP"] == list("·" * 14)
    assert "8 MOBILE" in result.output


def test_shows_one_feature_of_another_market_portal_option_and_day(folder: Path) -> None:
    later = WINTER.replace("INTL", "FR").replace("STANDARD", "PREMIUM") + "valid_from = 2099-06-01\n"
    run(folder, "apply", file_of(folder, later), "--yes")
    asked = ("show", "--feature", "MAINTENANCE", "--market", "FR", "--portal-option", "PREMIUM")

    before = run(folder, *asked, "--on", "2099-05-31").output
    on = run(folder, *asked, "--on", "2099-06-01").output

    assert "PREMIUM portal, market FR, on 2099-05-31" in before
    assert "Some rules change on 2099-06-01" in before
    assert [line.split()[4] for line in before.splitlines() if "MAINTENANCE" in line] == ["F"]
    assert [line.split()[4] for line in on.splitlines() if "MAINTENANCE" in line] == ["R"]
    assert "Some rules change" not in on


def test_writes_rules_that_apply_takes_back_without_a_change(folder: Path) -> None:
    run(folder, "apply", file_of(folder, WINTER + "valid_from = 2099-06-01\n"), "--yes")

    shown = run(folder, "show", "--toml")
    result = run(folder, "apply", file_of(folder, shown.output), "--yes")

    assert "valid_from = 2099-06-01" in shown.output
    assert result.exit_code == 0
    assert result.output == "rules.toml changes nothing; version 2 stays.\n"
    assert versions(folder) == ["Version 2", "Version 1"]


def test_writes_the_rules_that_were_asked_for_and_no_others(folder: Path) -> None:
    shown = run(folder, "show", "--toml", "--feature", "BILLING", "--market", "FR", "--portal-option", "LITE")

    body = shown.output.split("\n\n", 1)[1]
    assert body == (
        '[[rule]]\nfeature = "BILLING"\nmarkets = ["FR"]\nportal_options = ["LITE"]\nlevel = "READ"\n'
    )


def test_tells_what_a_file_would_change_and_stores_nothing(folder: Path) -> None:
    text = WINTER + "valid_from = 2099-06-01\nvalid_to = 2099-09-01\n\n" + WINTER.replace("READ", "NONE")
    file = file_of(folder, text + "valid_from = 2099-09-01\n")

    result = run(folder, "diff", file)

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Rules:",
        "  MAINTENANCE: SDWAN; INTL; STANDARD",
        "    from 2099-06-01 until before 2099-09-01: FULL becomes READ",
        "    from 2099-09-01: FULL becomes NONE",
        "Customers:",
        "  acme, other (2), from 2099-06-01 until before 2099-09-01:",
        "    loses MAINTENANCE (full for all → read for all)",
        "  acme, other (2), from 2099-09-01:",
        "    loses MAINTENANCE (full for all → none)",
    ]
    assert versions(folder) == ["Version 1"]


def test_tells_that_no_customer_notices(folder: Path) -> None:
    result = run(folder, "diff", file_of(folder, WINTER.replace("SDWAN", "MOBILE")))

    assert result.output.splitlines()[-2:] == ["Customers:", "  none gains or loses anything"]


def test_applies_a_file_and_keeps_who_why_and_what_it_did(folder: Path) -> None:
    file = file_of(folder, WINTER)

    result = run(folder, "apply", file, "--yes", "--reason", "Winter is coming.")

    assert result.exit_code == 0
    assert result.output == "Applied rules.toml as version 2.\n"
    history = run(folder, "show", "--history").output.splitlines()
    assert history[0].startswith("Version 2, 20")
    assert history[1].startswith("  from rules.toml, SHA-256 ")
    assert history[2] == "  because: Winter is coming."
    assert history[3].startswith("  acme, other (2), from 20")
    assert history[4] == "    loses MAINTENANCE (full for all → read for all)"
    assert history[5].startswith("Version 1, 20")


def test_applies_nothing_without_a_terminal_or_leave(folder: Path) -> None:
    result = run(folder, "apply", file_of(folder, WINTER))

    assert result.exit_code == 1
    assert "loses MAINTENANCE" in result.stdout
    assert "there is no terminal to ask on. To apply without, add --yes." in result.stderr
    assert versions(folder) == ["Version 1"]


def test_asks_on_a_terminal_what_is_to_be_done(folder: Path) -> None:
    file = file_of(folder, WINTER)

    declined = on_terminal(folder, "n\n", "apply", file)
    agreed = on_terminal(folder, "y\n", "apply", file)

    assert declined[0] == 1
    assert "FULL becomes READ" in declined[1]
    assert "Nothing was applied." in declined[1]
    assert agreed[0] == 0
    assert "Applied rules.toml as version 2." in agreed[1]
    assert versions(folder) == ["Version 2", "Version 1"]


def test_applies_nothing_if_another_file_was_applied_before_the_answer(folder: Path) -> None:
    ours, its = pty.openpty()
    arguments = ["apply", file_of(folder, WINTER), "--data", str(folder)]
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "coverage", *arguments], stdin=its, stderr=subprocess.PIPE, cwd=ROOT
    ) as asking:
        assert asking.stderr is not None
        asked = asking.stderr.read(len("Apply this?"))
        other = run(folder, "apply", file_of(folder, WINTER.replace("READ", "NONE"), "other.toml"), "--yes")
        os.write(ours, b"y\n")
        told = asking.stderr.read().decode()
    os.close(ours)
    os.close(its)

    assert asked == b"Apply this?"
    assert other.output == "Applied other.toml as version 2.\n"
    assert asking.returncode == 1
    assert "Another file was applied in the meantime. Nothing of this one was applied" in told
    assert versions(folder) == ["Version 2", "Version 1"]


def test_leaves_a_customer_nothing_only_if_told_to(folder: Path) -> None:
    file = nothing(folder)

    refused = run(folder, "apply", file, "--yes")
    applied = run(folder, "apply", file, "--yes", "--even-if-nothing-is-left")

    warning = "Nothing but what is never gated would be left to acme, other (2)."
    assert refused.exit_code == 1
    assert warning in refused.stderr
    assert "add --yes --even-if-nothing-is-left." in refused.stderr
    assert refused.stdout == ""
    assert applied.exit_code == 0
    assert warning in applied.stderr


def test_asks_in_spite_of_yes_if_a_customer_is_left_with_nothing(folder: Path) -> None:
    file = nothing(folder)

    code, output = on_terminal(folder, "n\n", "apply", file, "--yes")

    assert code == 1
    assert "acme, other (2)" in output
    assert "Apply this?" in output
    assert versions(folder) == ["Version 1"]


@pytest.mark.parametrize("command", ["diff", "apply --yes", "simulate --customer acme --rules"])
def test_refuses_a_wrong_file_whole(folder: Path, command: str) -> None:
    file = file_of(folder, WINTER + '\n[[rule]]\nfeature = "BILLING"\nlevel = "ALL"\n')

    result = run(folder, *command.split(), file)

    assert result.exit_code == 2
    assert "rules.toml, line 10: unknown level 'ALL'; one of NONE, " in result.stderr
    assert result.stdout == ""
    assert versions(folder) == ["Version 1"]


def test_tells_that_the_store_fails(folder: Path) -> None:
    assert versions(folder) == ["Version 1"]
    config = folder / "slow.toml"
    config.write_text(f'source_seconds = 0\n[store]\nfile = "{folder}/servicespace.db"\n')

    result = RUN.invoke(app, ["coverage", "show", "--config", str(config)])

    assert result.exit_code == 1
    assert "The store cannot be used: TimeoutError." in result.stderr


def test_shows_what_another_solution_would_open(folder: Path) -> None:
    result = run(folder, "simulate", "--customer", "acme", "--add-solution", "MOBILE")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "± QUOTES_ORDERS (full for all → read for all)"
    assert "± MAINTENANCE (full for all → full for 1 Solution); what is missing: NOT_ORDERED" in lines
    assert "+ SELFCARE (full for all → full for all)" in lines
    assert lines[-1] == "The schema is as today."


def test_shows_what_the_removal_of_a_solution_closes(folder: Path) -> None:
    result = run(folder, "simulate", "--customer", "acme", "--remove-solution", "S-acme")

    lines = result.output.splitlines()
    assert "- MAINTENANCE (full for all → none); what is missing: NOT_ORDERED" in lines
    headings = [line for line in lines if not line.startswith((" ", "-"))]
    assert headings == ["BILLING", "INCIDENTS", "INVENTORY", "MAINTENANCE"]
    section = lines[lines.index("INCIDENTS") + 1 : lines.index("INVENTORY")]
    assert {"  - Ticket.title", "  - Solution.tickets", "  - TicketStatus.RESOLVED"} <= set(section)
    assert not [line for line in lines if line.startswith("  - Solution.tickets(")]


def test_shows_what_a_file_a_portal_option_and_a_day_would_do(folder: Path) -> None:
    file = file_of(folder, WINTER.replace('"READ"', '"NONE"') + "valid_from = 2099-06-01\n")
    asked = ("simulate", "--customer", "acme", "--rules", file)

    today = run(folder, *asked).output
    later = run(folder, *asked, "--on", "2099-06-01").output
    lite = run(folder, "simulate", "--customer", "acme", "--portal-option", "LITE").output

    assert today == "All features are as today.\nThe schema is as today.\n"
    assert later.splitlines()[:2] == [
        "- MAINTENANCE (full for all → none); what is missing: PORTAL_OPTION",
        "MAINTENANCE",
    ]
    assert "- INCIDENTS (full for all → read for all)" in lite


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--customer", "nobody"), "There is no customer 'nobody' in this store: it has acme, other."),
        (("--customer", "acme", "--remove-solution", "S-1"), "no Solution S-1 to remove: it has S-acme."),
        (("--customer", "acme", "--add-solution", "FAX"), "'BUSINESS_VPN'"),
        (("--customer", "acme", "--add-solution", "UNKNOWN"), "choose from BUSINESS_VPN, "),
    ],
)
def test_tells_what_is_known_where_something_is_not(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(folder, "simulate", *arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())
