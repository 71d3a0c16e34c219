"""What of TM Forum's JSON is not taken in: quarantined, or left out."""

import os
from pathlib import Path

import pytest

from servicespace.intake.tmf import import_tmf, tmf_files
from tests.servicespace.intake import ACME, TICKET, Opened, counts, reasons


async def test_one_bad_thing_in_an_array_keeps_nothing_else_out(store: Opened) -> None:
    bad = '{"@type": "TroubleTicket", "id": "T9"}'

    report = await store.tmf({"t.json": f'[{TICKET}, {bad}, 5, {{"@type": "Product", "name": 7, "id": 1}}]'})

    assert counts(report) == {
        ("t.json", "ticket"): "1 taken in",
        ("t.json", "note"): "1 taken in",
        ("t.json", "TroubleTicket"): "1 quarantined",
        ("t.json", "Product"): "1 quarantined",
        ("t.json", ""): "1 quarantined",
    }
    kept = await store.stores.intake.refusals(ACME)
    assert {(each.reason, each.content) for each in kept} == {
        ("T9: has no creationDate", bad),
        ("not an object", "5"),
        ("Expected `str | null`, got `int` - at `$.name`", '{"@type": "Product", "name": 7, "id": 1}'),
    }


async def test_bad_files_are_quarantined_and_the_rest_is_loaded(store: Opened) -> None:
    root = store.filled(
        {
            "empty.json": "",
            "half.json": TICKET[:40],
            "html.json": "<html>",
            "nested.json": "[" * 100_000,
            "nothing.json": "{}",
            "x.json/good.JSON": TICKET,
            "notes.txt": "no JSON by its name",
            ".hidden.json": "{",
        }
    )
    (root / "latin.json").write_bytes(b'{"name": "\xe9"}')
    (root / "outside.json").symlink_to(Path(__file__))
    (root / "dangling.json").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe.json")
    with (root / "large.json").open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)

    report = await import_tmf(store.connection, ACME, root, tmf_files(root))
    again = await import_tmf(store.connection, ACME, root, tmf_files(root))

    assert reasons(report) == {
        "dangling.json": "cannot be read: No such file or directory",
        "empty.json": "the file is empty",
        "half.json": "not JSON: Input data was truncated",
        "html.json": "not JSON: invalid character (byte 0)",
        "large.json": "larger than 16 MiB",
        "latin.json": "not UTF-8: byte 10 cannot be read",
        "nested.json": "nested too deep",
        "nothing.json": "no kind: neither @type nor @baseType says what it is, nor does the file's name",
        "outside.json": "a link that leads out of the folder",
        "pipe.json": "not a plain file",
    }
    assert report.totals() == "2 taken in, 0 updated, 0 unchanged, 0 left out, 10 quarantined."
    assert again.totals() == "0 taken in, 0 updated, 2 unchanged, 0 left out, 10 quarantined."
    assert len(await store.stores.intake.refusals(ACME)) == 10


async def test_what_is_kept_of_a_refusal_is_bounded(store: Opened) -> None:
    await store.tmf({"long.json": "x\0" * 100_000})

    (kept,) = await store.stores.intake.refusals(ACME)
    assert kept.content == "x\N{REPLACEMENT CHARACTER}" * 32_768


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", '{"@type": "Quote", "id": 1}', "Quote"),
        ("a.json", '{"@type": "SpecialAccount", "@baseType": "PartyAccount", "id": 1}', "SpecialAccount"),
        ("Product.json", '{"@type": "Quote", "id": 1}', "Quote"),
        ("BillCycleSpecification.example.json", '{"id": 1}', "BillCycleSpecification"),
    ],
)
async def test_other_kinds_are_left_out(store: Opened, name: str, text: str, kind: str) -> None:
    report = await store.tmf({name: text})

    assert counts(report) == {(name, kind): "1 left out"}
    assert reasons(report) == {name: "not a kind that is taken in"}
    assert report.refusals == []


@pytest.mark.parametrize(
    "name", ["TroubleTicket.example.json", "troubleTickets.json", "sub/TROUBLETICKET.json"]
)
async def test_a_file_may_be_named_after_the_kind_of_what_says_none(store: Opened, name: str) -> None:
    report = await store.tmf({name: '{"id": 1, "creationDate": "2020-01-01"}'})

    assert counts(report) == {(name, "ticket"): "1 taken in"}
